/*
 * Expressions over products that must be installed: "google-chrome >=77.0.3865.90",
 * "windows 10: internet-explorer >=11". Pure.
 */
#ifndef PREFLIGHT_PRODUCT_H
#define PREFLIGHT_PRODUCT_H

/* [OS expression (support.h) ": "] PRODUCT [version expression (version.h)] */
struct product_expression {
	char os[96];      /* "": on every OS */
	char product[65]; /* id in `products` */
	char version[96]; /* "": any */
};

/* NULL and *out filled, or what is wrong (static string). */
const char *product_expression_parse(const char *text, struct product_expression *out);
const char *product_expression_validate(const char *text);

#endif
