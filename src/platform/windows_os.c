/*
 * Which Windows this is. The build number decides: ProductName still says "Windows 10" on 11.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#define CURRENT_VERSION L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"

#define FIRST_BUILD_OF_11 22000

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
	static const struct {
		USHORT machine;
		const char *name;
	} names[] = {{IMAGE_FILE_MACHINE_AMD64, "x86_64"}, {0xaa64, "aarch64"},
		{IMAGE_FILE_MACHINE_ARMNT, "arm"}, {IMAGE_FILE_MACHINE_I386, "x86"}};
	is_wow64_fn is_wow64 = (is_wow64_fn)(void *)function(L"kernel32.dll", "IsWow64Process2");
	USHORT process = 0, native = 0;
	SYSTEM_INFO system;

	if (is_wow64 == NULL || !is_wow64(GetCurrentProcess(), &process, &native)) {
		GetNativeSystemInfo(&system);
		native = system.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_INTEL
				 ? IMAGE_FILE_MACHINE_I386
				 : IMAGE_FILE_MACHINE_AMD64;
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].machine == native)
			snprintf(info->arch, sizeof info->arch, "%s", names[i].name);
}

/* The servicing channel, as the table of support dates knows them. */
static const char *channel_of(const char *edition, bool server)
{
	if (server)
		return "server";
	if (strncmp(edition, "IoTEnterpriseS", 14) == 0)
		return "iot-ltsc";
	if (strncmp(edition, "EnterpriseS", 11) == 0)
		return "ltsc";
	if (strncmp(edition, "Enterprise", 10) == 0 || strncmp(edition, "Education", 9) == 0 ||
		strncmp(edition, "IoTEnterprise", 13) == 0)
		return "enterprise";
	return *edition != '\0' ? "home-pro" : "";
}

/* What people call a version that is not a server: by number, since names are translated. */
static const char *client_version(const OSVERSIONINFOEXW *v)
{
	if (v->dwMajorVersion == 10)
		return v->dwBuildNumber >= FIRST_BUILD_OF_11 ? "11" : "10";
	if (v->dwMajorVersion == 6)
		return v->dwMinorVersion == 3   ? "8.1"
		       : v->dwMinorVersion == 2 ? "8"
		       : v->dwMinorVersion == 1 ? "7"
						: "Vista";
	return "";
}

static const struct {
	unsigned build; /* and later */
	const char *name;
} servers[] = {{26100, "2025"}, {20348, "2022"}, {17763, "2019"}, {14393, "2016"},
	{9600, "2012 R2"}, {9200, "2012"}, {7600, "2008 R2"}};

static const char *server_version(const OSVERSIONINFOEXW *v)
{
	for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++)
		if (v->dwBuildNumber >= servers[i].build)
			return servers[i].name;
	return "";
}

static const char *edition_words(const char *edition)
{
	static const struct {
		const char *id, *words;
	} names[] = {{"Core", "Home"}, {"CoreN", "Home N"}, {"CoreSingleLanguage", "Home"},
		{"CoreCountrySpecific", "Home"}, {"Professional", "Pro"},
		{"ProfessionalN", "Pro N"}, {"ProfessionalWorkstation", "Pro for Workstations"},
		{"EnterpriseS", "Enterprise LTSC"}, {"IoTEnterpriseS", "IoT Enterprise LTSC"},
		{"IoTEnterprise", "IoT Enterprise"}, {"CloudEdition", "SE"}};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i].id, edition) == 0)
			return names[i].words;
	return edition;
}

static void read_registry(struct os_info *info)
{
	DWORD number = 0;

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

static void make_name(struct os_info *info, bool server)
{
	const char *edition = edition_words(info->edition);
	int len = snprintf(info->name, sizeof info->name, "Windows %s%s", server ? "Server " : "",
		info->version);
	size_t size = sizeof info->name;

	if (!server && *edition != '\0')
		len += snprintf(info->name + len, size - (size_t)len, " %s", edition);
	if (info->service_pack > 0)
		len += snprintf(info->name + len, size - (size_t)len, " SP%d", info->service_pack);
	if (info->release[0] != '\0' && info->build >= 10240)
		snprintf(info->name + len, size - (size_t)len, " %s", info->release);
}

int platform_os(struct os_info *info, struct strbuf *why)
{
	get_version_fn get = (get_version_fn)(void *)function(L"ntdll.dll", "RtlGetVersion");
	OSVERSIONINFOEXW v = {.dwOSVersionInfoSize = sizeof v};

	memset(info, 0, sizeof *info);
	if (get == NULL || get(&v) != 0) {
		windows_why(why, "RtlGetVersion", GetLastError());
		return -1;
	}
	bool server = v.wProductType != VER_NT_WORKSTATION;
	memcpy(info->family, "windows", sizeof "windows");
	info->build = v.dwBuildNumber;
	info->service_pack = v.wServicePackMajor;
	snprintf(info->version, sizeof info->version, "%s",
		server ? server_version(&v) : client_version(&v));
	snprintf(info->kernel, sizeof info->kernel, "%lu.%lu.%lu", v.dwMajorVersion,
		v.dwMinorVersion, v.dwBuildNumber);
	read_registry(info);
	snprintf(info->channel, sizeof info->channel, "%s", channel_of(info->edition, server));
	set_arch(info);
	make_name(info, server);
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
