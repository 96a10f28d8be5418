/* Words for IKE's numbers. */
#include "ike.h"

#include <stddef.h>

const char *ike_answer_name(enum ike_answer answer)
{
	switch (answer) {
	case IKE_NOT_IKE:
		return "NOT_IKE";
	case IKE_SA_INIT:
		return "IKE_SA_INIT";
	case IKE_COOKIE:
		return "COOKIE";
	case IKE_INVALID_KE:
		return "INVALID_KE_PAYLOAD";
	case IKE_NO_PROPOSAL:
		return "NO_PROPOSAL_CHOSEN";
	case IKE_INVALID_MAJOR:
		return "INVALID_MAJOR_VERSION";
	case IKE_INVALID_SYNTAX:
		return "INVALID_SYNTAX";
	case IKE_REDIRECT:
		return "REDIRECT";
	case IKE_OTHER_NOTIFY:
		return "OTHER_NOTIFY";
	case IKE_V1_MAIN:
		return "IKEV1_MAIN";
	case IKE_V1_NOTIFY:
		return "IKEV1_NOTIFY";
	}
	return "?";
}

struct notify_name {
	int type;
	const char *name;
};

/* IANA "IKEv2 Notify Message Error Types", and COOKIE. */
static const struct notify_name v2_names[] = {
	{1, "UNSUPPORTED_CRITICAL_PAYLOAD"},
	{4, "INVALID_IKE_SPI"},
	{5, "INVALID_MAJOR_VERSION"},
	{7, "INVALID_SYNTAX"},
	{9, "INVALID_MESSAGE_ID"},
	{11, "INVALID_SPI"},
	{14, "NO_PROPOSAL_CHOSEN"},
	{17, "INVALID_KE_PAYLOAD"},
	{24, "AUTHENTICATION_FAILED"},
	{34, "SINGLE_PAIR_REQUIRED"},
	{35, "NO_ADDITIONAL_SAS"},
	{36, "INTERNAL_ADDRESS_FAILURE"},
	{37, "FAILED_CP_REQUIRED"},
	{38, "TS_UNACCEPTABLE"},
	{39, "INVALID_SELECTORS"},
	{40, "UNACCEPTABLE_ADDRESSES"},
	{41, "UNEXPECTED_NAT_DETECTED"},
	{42, "USE_ASSIGNED_HoA"},
	{43, "TEMPORARY_FAILURE"},
	{44, "CHILD_SA_NOT_FOUND"},
	{45, "INVALID_GROUP_ID"},
	{46, "AUTHORIZATION_FAILED"},
	{16390, "COOKIE"},
};

/* RFC 2408 section 3.14.1. */
static const struct notify_name v1_names[] = {
	{1, "INVALID-PAYLOAD-TYPE"},
	{2, "DOI-NOT-SUPPORTED"},
	{3, "SITUATION-NOT-SUPPORTED"},
	{4, "INVALID-COOKIE"},
	{5, "INVALID-MAJOR-VERSION"},
	{6, "INVALID-MINOR-VERSION"},
	{7, "INVALID-EXCHANGE-TYPE"},
	{8, "INVALID-FLAGS"},
	{9, "INVALID-MESSAGE-ID"},
	{10, "INVALID-PROTOCOL-ID"},
	{11, "INVALID-SPI"},
	{12, "INVALID-TRANSFORM-ID"},
	{13, "ATTRIBUTES-NOT-SUPPORTED"},
	{14, "NO-PROPOSAL-CHOSEN"},
	{15, "BAD-PROPOSAL-SYNTAX"},
	{16, "PAYLOAD-MALFORMED"},
	{17, "INVALID-KEY-INFORMATION"},
	{18, "INVALID-ID-INFORMATION"},
	{19, "INVALID-CERT-ENCODING"},
	{20, "INVALID-CERTIFICATE"},
	{21, "CERT-TYPE-UNSUPPORTED"},
	{22, "INVALID-CERT-AUTHORITY"},
	{23, "INVALID-HASH-INFORMATION"},
	{24, "AUTHENTICATION-FAILED"},
	{25, "INVALID-SIGNATURE"},
	{26, "ADDRESS-NOTIFICATION"},
	{27, "NOTIFY-SA-LIFETIME"},
	{28, "CERTIFICATE-UNAVAILABLE"},
	{29, "UNSUPPORTED-EXCHANGE-TYPE"},
	{30, "UNEQUAL-PAYLOAD-LENGTHS"},
};

static const char *find(const struct notify_name *names, size_t count, int type)
{
	for (size_t i = 0; i < count; i++)
		if (names[i].type == type)
			return names[i].name;
	return NULL;
}

const char *ike_notify_name(int type)
{
	return find(v2_names, sizeof v2_names / sizeof v2_names[0], type);
}

const char *ike_v1_notify_name(int type)
{
	return find(v1_names, sizeof v1_names / sizeof v1_names[0], type);
}
