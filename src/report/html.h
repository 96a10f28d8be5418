/*
 * What the files of the HTML report share. Markup is constant text of this program; everything
 * else passes html_text, which makes it text whatever it holds. The page is well-formed XML too.
 */
#ifndef PREFLIGHT_REPORT_HTML_H
#define PREFLIGHT_REPORT_HTML_H

#include "internal.h"

#define HTML_TEXT_MAX (64 * 1024)

/* html_write.c: writing. */
void html_raw(const struct sheet *sheet, const char *markup); /* constant markup */
/* Writes text for content and quoted attributes: markup, controls, bidi controls escaped. */
void html_text(const struct sheet *sheet, const char *text);
void html_message(const struct sheet *sheet, const char *id);
/* <NAME class="CLASS">TEXT</NAME>; class NULL: none. */
void html_element(const struct sheet *sheet, const char *name, const char *class, const char *text);
/* The same with a text of the catalogue, and with one of its templates, "" or spaces not written.
 */
void html_element_message(
	const struct sheet *sheet, const char *name, const char *class, const char *id);
void html_element_template(const struct sheet *sheet, const char *name, const char *class,
	const char *id, const json_t *values);
/* Lines of text: one paragraph, or a list when there are several. */
void html_steps(const struct sheet *sheet, const char *text);
/* The words of a list, joined; prefix as for join_words. Nothing for an empty one. */
void html_words(const struct sheet *sheet, const json_t *list, const char *prefix);
/* "pass", "warn", …, or "unknown" for what is none of them: safe as a class. */
const char *html_verdict(const json_t *object);
/* Symbol and word of a verdict. */
void html_badge(const struct sheet *sheet, const char *verdict);

/* html_style.c: the style sheet in pieces, NULL-terminated. Without "<", "&" and addresses. */
extern const char *const html_style[];

/* html_model.c: the path as a drawing shows it. */
enum node {
	NODE_TERMINAL,
	NODE_FACILITY,
	NODE_LINE,
	NODE_SERVICE,
	NODE_VPN,
	NODE_PORTAL, /* what is inside the VPN */
	NODE_COUNT
};

/* In the order of precedence. */
enum node_state {
	STATE_UNSEEN,
	STATE_WORKS,   /* something passed that shows it */
	STATE_OPEN,    /* a cause that evidence leaves open may be here */
	STATE_SUSPECT, /* the fault is here or in other suspects */
	STATE_BROKEN,  /* the fault is here */
	STATE_COUNT
};

struct path {
	size_t count; /* nodes: 4, or 6 with a VPN */
	enum node_state states[NODE_COUNT];
};

void path_make(struct path *path, const json_t *report);
/* The nodes that a cause names, one bit each. */
unsigned path_nodes(const json_t *report, const json_t *cause);
/* "terminal", …: ends of ids in the catalogue. */
extern const char *const path_node_names[NODE_COUNT];
extern const char *const path_state_names[STATE_COUNT];

/* What one kind of traffic to one host came to. */
struct lane {
	const char *host;    /* id; borrowed from the report */
	const char *name;    /* DNS name; borrowed */
	const char *layer;   /* "name", "tcp", "web", "udp", "large" */
	long long port;      /* -1: none */
	const char *verdict; /* the worst of its checks; borrowed */
	unsigned suspects;   /* nodes that its cause names */
	enum node end;       /* where it goes when nothing stops it */
};

/* Fills at most `most` lanes in the report's order; returns how many there are in all. */
size_t path_lanes(struct lane *lanes, size_t most, const json_t *report);

/* ---- parts of the page ---- */

/* html_path.c */
void html_path(struct sheet *sheet);
/* html_lanes.c: the lower half of the wide drawing, `column` wide columns from x = `left`. */
int html_lanes_height(size_t count);
void html_lanes(const struct sheet *sheet, const struct lane *lanes, size_t count, int left,
	int column, int top);
/* Appends the lane's name: "sec UDP 4500". */
void html_lane_name(const struct sheet *sheet, struct strbuf *out, const struct lane *lane);
void html_chart(struct sheet *sheet);                 /* html_chart.c */
void html_causes(struct sheet *sheet, bool warnings); /* html_causes.c */
void html_checks(struct sheet *sheet);                /* html_checks.c */
void html_checklist(struct sheet *sheet);             /* html_checklist.c */

#endif
