#include "ike_facts.h"

#include <stdio.h>
#include <string.h>

#include "udp_facts.h"

static void tell_questions(struct facts *facts, const struct ike_outcome *outcome)
{
	char proposal[24];

	facts_list(facts, "questions");
	for (size_t i = 0; i < outcome->question_count; i++) {
		switch (outcome->questions[i]) {
		case IKE_ASK_VERSION:
			facts_add(facts, "questions", "version-3");
			break;
		case IKE_ASK_PROPOSAL:
			snprintf(proposal, sizeof proposal, "proposal-%d", outcome->groups[i]);
			facts_add(facts, "questions", proposal);
			break;
		case IKE_ASK_LARGE:
			snprintf(proposal, sizeof proposal, "large-%d", outcome->groups[i]);
			facts_add(facts, "questions", proposal);
			break;
		case IKE_ASK_V1_MAIN:
			facts_add(facts, "questions", IKE_FACTS_V1_MAIN);
			break;
		}
	}
	facts_int(facts, "sent", outcome->sent);
}

static void tell_reply(struct facts *facts, const struct ike_reply *reply)
{
	char number[16];
	const char *notify = reply->version_major == 1 ? ike_v1_notify_name(reply->notify)
						       : ike_notify_name(reply->notify);

	facts_str(facts, "answer", ike_answer_name(reply->answer));
	facts_int(facts, "ike_version", reply->version_major);
	snprintf(number, sizeof number, "%d", reply->notify);
	if (reply->notify != 0)
		facts_str(facts, "notify", notify != NULL ? notify : number);
	if (reply->answer == IKE_INVALID_KE)
		facts_int(facts, "wanted_group", reply->wanted_group);
	if (reply->redirect[0] != '\0')
		facts_str(facts, "redirect", reply->redirect);
}

static void tell_nat(struct facts *facts, const char *name, enum ike_nat nat)
{
	if (nat != IKE_NAT_UNKNOWN)
		facts_str(facts, name, nat == IKE_NAT_PRESENT ? "present" : "none");
}

void ike_facts_near(struct facts *facts, const struct ike_near *near)
{
	char text[NET_ADDR_STRLEN];

	if (!near->answered)
		return;
	facts_bool(facts, "answered_nearby", true);
	facts_str(facts, "router", net_addr_format(&near->router, text));
	tell_nat(facts, "nat_local", near->nat_local);
	tell_nat(facts, "nat_remote", near->nat_remote);
}

static bool is(const struct facts *facts, const char *name, const char *value)
{
	const char *got = facts_get_str(facts, name);

	return got != NULL && strcmp(got, value) == 0;
}

bool ike_facts_judge_near(const struct facts *facts, struct judgement *out)
{
	bool proved = is(facts, "nat_local", "none") && is(facts, "nat_remote", "present");

	if (!facts_get_bool(facts, "answered_nearby", false))
		return false;
	*out = (struct judgement){
		.verdict = proved ? VERDICT_FAIL : VERDICT_UNKNOWN, .cause = "udp.answered-nearby"};
	return true;
}

static void tell_strange(struct facts *facts, const struct ike_outcome *outcome)
{
	char hex[2 * sizeof outcome->first + 1] = "";

	for (size_t i = 0; i < outcome->first_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", outcome->first[i]);
	facts_bool(facts, "not_ike", true);
	facts_str(facts, "first_bytes", hex);
}

void ike_facts(struct check_run *c, const struct ike_outcome *outcome, const struct net_addr *addr)
{
	struct facts *facts = &c->facts;

	facts_bool(facts, "answered", outcome->answered);
	if (!outcome->answered)
		facts_bool(facts, "complete", outcome->complete);
	if (outcome->answered) {
		tell_reply(facts, &outcome->reply);
		facts_real(&c->timings, "rtt_ms", outcome->rtt * 1000);
	}
	if (outcome->failed)
		udp_facts_error(facts, &outcome->error, addr, run_terminal(c->run));
	if (outcome->mtu > 0)
		facts_int(facts, "path_mtu", outcome->mtu);
	if (outcome->not_ike)
		tell_strange(facts, outcome);
	if (outcome->nat_asked)
		facts_str(facts, "nat_answer",
			outcome->nat_answer != IKE_NOT_IKE ? ike_answer_name(outcome->nat_answer)
							   : "silent");
	if (outcome->full) {
		tell_nat(facts, "nat_local", outcome->nat_local);
		tell_nat(facts, "nat_remote", outcome->nat_remote);
		facts_bool(facts, "fragmentation", outcome->fragmentation);
	}
	facts_str(facts, "vendor", outcome->vendor);
	tell_questions(facts, outcome);
	if (outcome->local.family != 0)
		facts_int(facts, "local_port", outcome->local_port);
}
