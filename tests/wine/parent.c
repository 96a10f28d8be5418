/*
 * parent.exe PROGRAM [WORD ...]: starts a Windows program for tests on this console, as a shell
 * does, and leaves Ctrl-C to it. Tells the console's state before and after, and ends with its
 * code.
 */
#include <windows.h>

#include <stdio.h>
#include <wchar.h>

static BOOL WINAPI stay(DWORD event)
{
	(void)event;
	return TRUE;
}

static void tell(const wchar_t *when)
{
	DWORD in = 0, out = 0;

	GetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), &in);
	GetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), &out);
	wprintf(L"%ls: page %u, modes %lx %lx, echo %ls\n", when, GetConsoleOutputCP(),
		(unsigned long)in, (unsigned long)out, in & ENABLE_ECHO_INPUT ? L"on" : L"off");
	fflush(stdout);
}

int wmain(int argc, wchar_t **argv)
{
	STARTUPINFOW start = {.cb = sizeof start};
	PROCESS_INFORMATION child;
	wchar_t line[4096] = L"";
	DWORD code = 125;

	for (int i = 1; i < argc; i++) {
		wcscat(line, L"\"");
		wcscat(line, argv[i]);
		wcscat(line, L"\" ");
	}
	SetConsoleCtrlHandler(stay, TRUE);
	tell(L"before");
	if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &child))
		return 125;
	WaitForSingleObject(child.hProcess, INFINITE);
	GetExitCodeProcess(child.hProcess, &code);
	tell(L"after");
	return (int)code;
}
