#include "inputs.h"

void inputs_release(struct inputs *inputs)
{
	strs_release(&inputs->certificates);
	strs_release(&inputs->authorities);
}
