/*
 * What happens before main: where libraries are loaded from, and the stack protector's guard. The
 * compiler's library has one too, but takes it from a provider that loads a dozen libraries, which
 * was a third of the program's start.
 */
#include "windows.h"

/* advapi32: random bytes of the system; the header that names it RtlGenRandom needs more headers.
 */
BOOLEAN WINAPI SystemFunction036(void *buffer, ULONG size);

/* What the compiler's code calls. */
extern uintptr_t __stack_chk_guard;
void __stack_chk_fail(void);
void __chk_fail(void);

uintptr_t __stack_chk_guard;

/*
 * A folder with this program in it, such as a stick, is no place for Windows' libraries: what is
 * not loaded before (DELAYED in the Makefile) comes from the system's, advapi32's forwarded
 * functions (cryptbase) too.
 */
__attribute__((constructor)) static void start(void)
{
	SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
	if (!SystemFunction036(&__stack_chk_guard, sizeof __stack_chk_guard))
		__stack_chk_guard = (uintptr_t)&__stack_chk_guard ^ GetTickCount64();
}

/* The memory is not to be trusted any more: nothing of the program runs after this. */
__attribute__((noreturn)) static void end(void)
{
	RaiseFailFastException(NULL, NULL, 0);
	__builtin_trap();
}

void __stack_chk_fail(void)
{
	end();
}

void __chk_fail(void)
{
	end();
}
