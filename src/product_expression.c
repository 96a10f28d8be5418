/*
 * Expressions over products: an OS, a product, a version.
 */
#include "product.h"

#include <stdbool.h>
#include <string.h>

#include "support.h"
#include "version.h"

static bool copy(char *out, size_t size, const char *from, size_t len)
{
	if (len >= size)
		return false;
	memcpy(out, from, len);
	out[len] = '\0';
	return true;
}

static bool is_id(const char *text)
{
	return *text != '\0' && *text != '-' &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static const char *parse_os(const char **text, struct product_expression *out)
{
	const char *colon = strstr(*text, ": ");

	out->os[0] = '\0';
	if (colon == NULL)
		return NULL;
	if (!copy(out->os, sizeof out->os, *text, (size_t)(colon - *text)))
		return "has more than 95 characters before the colon";
	*text = colon + 1;
	return os_expression_validate(out->os);
}

const char *product_expression_parse(const char *text, struct product_expression *out)
{
	const char *wrong = parse_os(&text, out);

	if (wrong != NULL)
		return wrong;
	text += strspn(text, " ");
	size_t len = strcspn(text, " ");
	if (!copy(out->product, sizeof out->product, text, len) || !is_id(out->product))
		return "expected [OS: ]PRODUCT [VERSION], the product by its id in `products`";
	text += len;
	text += strspn(text, " ");
	if (!copy(out->version, sizeof out->version, text, strlen(text)))
		return "has a version of more than 95 characters";
	return *text != '\0' ? version_validate(text) : NULL;
}

const char *product_expression_validate(const char *text)
{
	struct product_expression e;

	return product_expression_parse(text, &e);
}
