/* Files of the command line, and what of the rules they stand in for. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

static void want(const struct plan *plan, bool *wanted, const struct rule_certificate *certificate)
{
	/* A CA has no CA of its own: one step ends it, even where rules name a ring. */
	for (int i = 0; i < 2 && certificate != NULL; i++) {
		wanted[certificate - plan->rules->certificates] = true;
		certificate = certificate->ca;
	}
}

bool *plan_certificates(const struct plan *plan, bool skipped)
{
	bool *wanted = mem_alloc(plan->rules->certificate_count * sizeof wanted[0]);

	for (size_t i = 0; i < plan->item_count; i++) {
		const struct rule_check *check = plan->items[i].check;
		if (plan->items[i].skip != SKIP_NONE && !skipped)
			continue;
		for (size_t k = 0; k < check->type->key_count; k++)
			if (check->type->keys[k].type == KEY_CERTIFICATE)
				want(plan, wanted, check->values[k].certificate);
	}
	return wanted;
}

bool plan_lacks_file(const struct plan *plan, const struct rule_check *check)
{
	const struct inputs *inputs = plan->inputs;
	const char *missing;

	if (strcmp(check->type->name, "dump") == 0)
		return inputs->dump == NULL;
	if (strcmp(check->type->name, "cert") != 0)
		return false;
	missing = rule_string(check, "missing");
	if (missing == NULL || strcmp(missing, "skip") != 0)
		return false;
	return (rule_value(check, "certificate")->certificate->authority
			       ? inputs->authorities.count
			       : inputs->certificates.count) == 0;
}

static void check_dump(const struct plan *plan, struct diags *diags)
{
	if (plan->inputs->dump == NULL)
		return;
	for (size_t i = 0; i < plan->item_count; i++)
		if (strcmp(plan->items[i].check->type->name, "dump") == 0)
			return;
	diags_add(diags, "", 0, 0, "--dump %s: no selected check reads a dump; see --profile",
		plan->inputs->dump);
}

void plan_check_files(const struct plan *plan, struct diags *diags)
{
	const struct inputs *inputs = plan->inputs;
	bool used[2] = {false, false}; /* by role: client, ca */

	if (inputs == NULL)
		return;
	check_dump(plan, diags);
	bool *wanted = plan_certificates(plan, true);
	for (size_t i = 0; i < plan->rules->certificate_count; i++)
		if (wanted[i])
			used[plan->rules->certificates[i].authority] = true;
	free(wanted);
	if (inputs->certificates.count > 0 && !used[false])
		diags_add(diags, "", 0, 0,
			"--cert: no selected check uses a client certificate; see --profile");
	if (inputs->authorities.count > 0 && !used[true])
		diags_add(diags, "", 0, 0,
			"--ca: no selected check uses a CA certificate; see --profile");
	if (inputs->password_file != NULL && !used[false])
		diags_add(diags, "", 0, 0,
			"--password-file: no selected check uses a client certificate; see "
			"--profile");
}
