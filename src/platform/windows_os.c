/*
 * Which Windows this is: asked here, understood by windows_version.c.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#include "windows_data.h"

#define CURRENT_VERSION L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"

/* What RtlGetVersion fills; unlike GetVersionEx it does not ask the program's manifest. */
typedef LONG(WINAPI *get_version_fn)(OSVERSIONINFOEXW *);
typedef BOOL(WINAPI *is_wow64_fn)(HANDLE, USHORT *, USHORT *);

static FARPROC function(const wchar_t *module, const char *name)
{
	HMODULE handle = GetModuleHandleW(module);

	return handle != NULL ? GetProcAddress(handle, name) : NULL;
}

static void set_arch(struct os_info *info)
{
	is_wow64_fn is_wow64 = (is_wow64_fn)(void *)function(L"kernel32.dll", "IsWow64Process2");
	USHORT process = 0, native = 0;
	SYSTEM_INFO system;
	const char *name;

	if (is_wow64 != NULL && is_wow64(GetCurrentProcess(), &process, &native)) {
		name = windows_machine_name(native);
	} else { /* before Windows 10 1511 */
		GetNativeSystemInfo(&system);
		name = windows_processor_name(system.wProcessorArchitecture);
	}
	snprintf(info->arch, sizeof info->arch, "%s", name);
}

static void read_registry(struct os_info *info, struct windows_version *version)
{
	DWORD number = 0;

	windows_string(HKEY_LOCAL_MACHINE, CURRENT_VERSION, L"InstallationType",
		version->installation, sizeof version->installation);
	windows_string(HKEY_LOCAL_MACHINE, CURRENT_VERSION, L"EditionID", info->edition,
		sizeof info->edition);
	windows_string(HKEY_LOCAL_MACHINE, CURRENT_VERSION, L"DisplayVersion", info->release,
		sizeof info->release);
	/* Before 20H2 it was ReleaseId, which stayed at 2009 ever after. */
	if (info->release[0] == '\0')
		windows_string(HKEY_LOCAL_MACHINE, CURRENT_VERSION, L"ReleaseId", info->release,
			sizeof info->release);
	if (windows_number(HKEY_LOCAL_MACHINE, CURRENT_VERSION, L"UBR", &number))
		info->revision = (long long)number;
	if (windows_number(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Control\\CI\\Policy",
		    L"SkuPolicyRequired", &number))
		info->s_mode = number == 1;
}

int platform_os(struct os_info *info, struct strbuf *why)
{
	get_version_fn get = (get_version_fn)(void *)function(L"ntdll.dll", "RtlGetVersion");
	OSVERSIONINFOEXW v = {.dwOSVersionInfoSize = sizeof v};

	memset(info, 0, sizeof *info);
	if (get == NULL || get(&v) != 0) {
		windows_why(why, "RtlGetVersion", ERROR_PROC_NOT_FOUND);
		return -1;
	}
	struct windows_version version = {.major = v.dwMajorVersion,
		.minor = v.dwMinorVersion,
		.build = v.dwBuildNumber,
		.workstation = v.wProductType == VER_NT_WORKSTATION};
	memcpy(info->family, "windows", sizeof "windows");
	info->service_pack = v.wServicePackMajor;
	read_registry(info, &version);
	set_arch(info);
	windows_describe(&version, info);
	return 0;
}

const char *platform_vpn_directory(void)
{
	static char folder[MAX_PATH * 3];
	wchar_t wide[MAX_PATH];
	DWORD len = GetEnvironmentVariableW(L"ProgramFiles(x86)", wide, MAX_PATH);

	if (len == 0 || len >= MAX_PATH)
		return "C:\\Program Files (x86)\\Cisco";
	windows_copy(folder, sizeof folder - 8, wide);
	strcat(folder, "\\Cisco");
	return folder;
}
