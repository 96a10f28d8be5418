/*
 * Which Windows a version number means. ProductName in the registry still says "Windows 10" on 11.
 */
#include "windows_data.h"

#include <stdio.h>
#include <string.h>

#define FIRST_BUILD_OF_11 22000
#define FIRST_BUILD_OF_10 10240

static bool begins(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Enterprise multi-session says that it is a server; what is installed is a client. */
static bool is_server(const struct windows_version *v)
{
	return !v->workstation && strcmp(v->installation, "Client") != 0;
}

/* The servicing channel, as the table of support dates knows them. */
static const char *channel_of(const char *edition, bool server)
{
	static const char *const enterprise[] = {
		"Enterprise", "Education", "IoTEnterprise", "ServerRdsh"};

	if (server)
		return "server";
	if (begins(edition, "IoTEnterpriseS"))
		return "iot-ltsc";
	if (begins(edition, "EnterpriseS"))
		return "ltsc";
	for (size_t i = 0; i < sizeof enterprise / sizeof enterprise[0]; i++)
		if (begins(edition, enterprise[i]))
			return "enterprise";
	return *edition != '\0' ? "home-pro" : "";
}

/* What people call a version that is not a server: by number, since names are translated. */
static const char *client_version(const struct windows_version *v)
{
	if (v->major == 10)
		return v->build >= FIRST_BUILD_OF_11 ? "11" : "10";
	if (v->major == 6)
		return v->minor == 3 ? "8.1" : v->minor == 2 ? "8" : v->minor == 1 ? "7" : "Vista";
	return "";
}

static const struct {
	unsigned long build; /* and later */
	const char *name;
} servers[] = {{26100, "2025"}, {25398, "23H2"}, {20348, "2022"}, {19042, "20H2"}, {19041, "2004"},
	{18363, "1909"}, {18362, "1903"}, {17763, "2019"}, {17134, "1803"}, {16299, "1709"},
	{14393, "2016"}, {9600, "2012 R2"}, {9200, "2012"}, {7600, "2008 R2"}, {6001, "2008"}};

static const char *server_version(const struct windows_version *v)
{
	for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++)
		if (v->build >= servers[i].build)
			return servers[i].name;
	return "";
}

static const struct {
	const char *id, *words;
} editions[] = {
	{"CloudEdition", "SE"},
	{"CloudEditionN", "SE N"},
	{"Core", "Home"},
	{"CoreARM", "RT"},
	{"CoreCountrySpecific", "Home"},
	{"CoreN", "Home N"},
	{"CoreSingleLanguage", "Home"},
	{"EducationN", "Education N"},
	{"EnterpriseN", "Enterprise N"},
	{"EnterpriseS", "Enterprise LTSC"},
	{"EnterpriseSN", "Enterprise LTSC N"},
	{"IoTEnterprise", "IoT Enterprise"},
	{"IoTEnterpriseS", "IoT Enterprise LTSC"},
	{"Professional", "Pro"},
	{"ProfessionalEducation", "Pro Education"},
	{"ProfessionalN", "Pro N"},
	{"ProfessionalWorkstation", "Pro for Workstations"},
	{"ServerRdsh", "Enterprise multi-session"},
};

static const char *edition_words(const char *edition)
{
	for (size_t i = 0; i < sizeof editions / sizeof editions[0]; i++)
		if (strcmp(editions[i].id, edition) == 0)
			return editions[i].words;
	return edition;
}

static void add_word(char *name, size_t size, const char *word)
{
	size_t len = strlen(name);

	if (*word != '\0' && len + 1 + strlen(word) < size)
		snprintf(name + len, size - len, " %s", word);
}

static void make_name(struct os_info *info, bool server)
{
	char pack[16] = "";
	size_t size = sizeof info->name;

	snprintf(info->name, size, "Windows");
	add_word(info->name, size, server ? "Server" : "");
	add_word(info->name, size, info->version);
	add_word(info->name, size, server ? "" : edition_words(info->edition));
	if (info->service_pack > 0)
		snprintf(pack, sizeof pack, "SP%d", info->service_pack);
	add_word(info->name, size, pack);
	add_word(info->name, size, info->build >= FIRST_BUILD_OF_10 ? info->release : "");
	add_word(info->name, size, info->s_mode ? "S mode" : "");
}

void windows_describe(const struct windows_version *v, struct os_info *info)
{
	bool server = is_server(v);

	info->build = (long long)v->build;
	snprintf(info->version, sizeof info->version, "%s",
		server ? server_version(v) : client_version(v));
	snprintf(info->kernel, sizeof info->kernel, "%lu.%lu.%lu", v->major, v->minor, v->build);
	snprintf(info->channel, sizeof info->channel, "%s", channel_of(info->edition, server));
	make_name(info, server);
}

struct number_name {
	unsigned number;
	const char *name;
};

static const char *name_of(const struct number_name *rows, size_t count, unsigned number)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].number == number)
			return rows[i].name;
	return "";
}

const char *windows_machine_name(unsigned machine)
{
	static const struct number_name names[] = {{0x014c, "x86"}, {0x01c0, "arm"},
		{0x01c4, "arm"}, {0x8664, "x86_64"}, {0xaa64, "aarch64"}};

	return name_of(names, sizeof names / sizeof names[0], machine);
}

const char *windows_processor_name(unsigned architecture)
{
	static const struct number_name names[] = {
		{0, "x86"}, {5, "arm"}, {9, "x86_64"}, {12, "aarch64"}};

	return name_of(names, sizeof names / sizeof names[0], architecture);
}
