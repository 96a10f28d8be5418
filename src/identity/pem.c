/* PEM (RFC 7468, and OpenSSL's older encrypted keys): certificates and keys in any order. */
#include "private.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "strbuf.h"

/* pem_password_cb: OpenSSL's buffer holds PEM_BUFSIZE bytes; what is longer cannot be right. */
static int give_password(char *buf, int size, int writing, void *arg)
{
	const struct secret *password = arg;

	(void)writing;
	if (password->len == 0 || password->len > (size_t)size)
		return -1;
	memcpy(buf, password->bytes, password->len);
	return (int)password->len;
}

static enum opening add_pkcs8(struct container *out, PKCS8_PRIV_KEY_INFO *info, enum opening else_)
{
	EVP_PKEY *key = info != NULL ? EVP_PKCS82PKEY(info) : NULL;

	PKCS8_PRIV_KEY_INFO_free(info);
	if (key == NULL)
		return container_errors(else_);
	container_add_key(out, key);
	return OPEN_DONE;
}

static enum opening read_sealed_key(
	struct container *out, const unsigned char *data, long len, const struct secret *password)
{
	X509_SIG *sealed = d2i_X509_SIG(NULL, &data, len);
	const X509_ALGOR *algorithm = NULL;

	if (sealed == NULL)
		return OPEN_DAMAGED;
	X509_SIG_get0(sealed, &algorithm, NULL);
	enum opening result = container_encryption(out, algorithm);
	if (result == OPEN_DONE)
		result = add_pkcs8(out, PKCS8_decrypt(sealed, password->bytes, (int)password->len),
			OPEN_PASSWORD);
	X509_SIG_free(sealed);
	return result;
}

/* A key of the older kind, "DEK-Info" in its header when it is encrypted. */
static enum opening read_old_key(struct container *out, char *header, unsigned char *data, long len,
	const struct secret *password)
{
	EVP_CIPHER_INFO cipher;
	const unsigned char *p = data;

	if (PEM_get_EVP_CIPHER_INFO(header, &cipher) != 1)
		return container_errors(OPEN_DAMAGED);
	if (cipher.cipher != NULL) {
		out->encryption = EVP_CIPHER_get0_name(cipher.cipher);
		if (PEM_do_header(
			    &cipher, data, &len, give_password, (void *)(uintptr_t)password) != 1)
			return container_errors(OPEN_PASSWORD);
	}
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &p, len);
	if (key == NULL)
		return cipher.cipher != NULL ? OPEN_PASSWORD : OPEN_DAMAGED;
	container_add_key(out, key);
	return OPEN_DONE;
}

static bool is_old_key(const char *name)
{
	return strcmp(name, PEM_STRING_RSA) == 0 || strcmp(name, PEM_STRING_ECPRIVATEKEY) == 0 ||
	       strcmp(name, PEM_STRING_DSA) == 0;
}

static enum opening read_block(struct container *out, const char *name, char *header,
	unsigned char *data, long len, const struct secret *password)
{
	const unsigned char *p = data;

	if (strcmp(name, PEM_STRING_X509) == 0 || strcmp(name, PEM_STRING_X509_OLD) == 0)
		container_add(out, d2i_X509(NULL, &p, len));
	else if (strcmp(name, PEM_STRING_X509_TRUSTED) == 0)
		container_add(out, d2i_X509_AUX(NULL, &p, len));
	else if (strcmp(name, PEM_STRING_PKCS8) == 0)
		return read_sealed_key(out, data, len, password);
	else if (strcmp(name, PEM_STRING_PKCS8INF) == 0)
		return add_pkcs8(out, d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, len), OPEN_DAMAGED);
	else if (is_old_key(name))
		return read_old_key(out, header, data, len, password);
	return OPEN_DONE;
}

/* Whether a blank begins here, and its bytes: mails and web pages leave them around the lines. */
static size_t blank_at(const char *text, size_t len)
{
	if (*text == ' ' || *text == '\t' || *text == '\0')
		return 1;
	if (len >= 2 && memcmp(text, "\xC2\xA0", 2) == 0)
		return 2;
	return len >= 3 && memcmp(text, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

/* The lines without blanks at their beginning; those that end in CR alone end in LF. OpenSSL wants
 * both. */
static void tidy_lines(const char *text, size_t len, struct strbuf *out)
{
	bool begins = true;

	for (size_t i = 0; i < len;) {
		size_t blank = begins ? blank_at(text + i, len - i) : 0;

		if (blank > 0) {
			i += blank;
			continue;
		}
		begins = text[i] == '\n' || text[i] == '\r';
		strbuf_addc(out, text[i] == '\r' ? '\n' : text[i]);
		i += text[i] == '\r' && i + 1 < len && text[i + 1] == '\n' ? 2 : 1;
	}
}

enum opening pem_open(
	struct container *out, const char *text, size_t len, const struct secret *password)
{
	struct strbuf tidy;
	char *name = NULL, *header = NULL;
	unsigned char *data = NULL;
	enum opening result = OPEN_DONE;
	long size = 0;

	strbuf_init(&tidy, len + 1);
	tidy_lines(text, len, &tidy);
	BIO *bio = BIO_new_mem_buf(tidy.data, (int)tidy.len);
	out->format = "pem";
	while (result == OPEN_DONE && bio != NULL &&
		PEM_read_bio(bio, &name, &header, &data, &size) == 1) {
		result = read_block(out, name, header, data, size, password);
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_clear_free(data, size > 0 ? (size_t)size : 0);
	}
	BIO_free(bio);
	OPENSSL_cleanse(tidy.data, tidy.len);
	strbuf_release(&tidy);
	return result;
}
