/*
 * A FIDO device as a program, for `SecurityKeyProvider`: it has the PIN that it was compiled with, and was touched when the
 * file of that name is there, which is gone then. Nothing of it is a secret: a key's handle is the private key.
 *
 * The interface is OpenSSH's (PROTOCOL.u2f, sk-api.h), as version 9.2 has it; keys are of the type ed25519-sk alone. The few functions of
 * libcrypto that it calls are declared here, so that its headers need not be installed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_md_ctx_st EVP_MD_CTX;
EVP_PKEY *EVP_PKEY_new_raw_private_key(int type, void *engine, const uint8_t *key, size_t length);
int EVP_PKEY_get_raw_public_key(const EVP_PKEY *key, uint8_t *out, size_t *length);
EVP_MD_CTX *EVP_MD_CTX_new(void);
int EVP_DigestSignInit(EVP_MD_CTX *c, void *pctx, const void *type, void *engine, EVP_PKEY *key);
int EVP_DigestSign(EVP_MD_CTX *c, uint8_t *out, size_t *size, const uint8_t *data, size_t length);
uint8_t *SHA256(const uint8_t *data, size_t length, uint8_t *out);

enum { ED25519 = 1087, KEY_BYTES = 32, SIGNATURE_BYTES = 64, HASH_BYTES = 32 };

/* Of sk-api.h. */
enum { VERSION = 0x000a0000, ALGORITHM_ED25519 = 1, FLAG_VERIFIED = 4 };
enum { GENERAL = -1, UNSUPPORTED = -2, PIN_REQUIRED = -3 };

struct sk_option;

struct sk_enroll_response {
  uint8_t flags;
  uint8_t *public_key;
  size_t public_key_len;
  uint8_t *key_handle;
  size_t key_handle_len;
  uint8_t *signature;
  size_t signature_len;
  uint8_t *attestation_cert;
  size_t attestation_cert_len;
  uint8_t *authdata;
  size_t authdata_len;
};

struct sk_sign_response {
  uint8_t flags;
  uint32_t counter;
  uint8_t *sig_r;
  size_t sig_r_len;
  uint8_t *sig_s;
  size_t sig_s_len;
};

uint32_t sk_api_version(void) {
  return VERSION;
}

int sk_enroll(uint32_t algorithm, const uint8_t *challenge, size_t challenge_len,
              const char *application, uint8_t flags, const char *pin, struct sk_option **options,
              struct sk_enroll_response **response) {
  (void)challenge, (void)challenge_len, (void)application, (void)pin, (void)options;
  struct sk_enroll_response *made = calloc(1, sizeof *made);
  if (algorithm != ALGORITHM_ED25519) {
    return UNSUPPORTED;
  }
  made->flags = flags;
  made->key_handle_len = made->public_key_len = KEY_BYTES;
  made->key_handle = calloc(1, KEY_BYTES);
  made->public_key = calloc(1, KEY_BYTES);
  /* Nobody looks at an attestation. */
  made->signature = calloc(1, 1);
  if (getrandom(made->key_handle, KEY_BYTES, 0) != KEY_BYTES) {
    return GENERAL;
  }
  EVP_PKEY *key = EVP_PKEY_new_raw_private_key(ED25519, NULL, made->key_handle, KEY_BYTES);
  if (key == NULL || !EVP_PKEY_get_raw_public_key(key, made->public_key, &made->public_key_len)) {
    return GENERAL;
  }
  *response = made;
  return 0;
}

/* Waits half a minute, as devices do. */
static int is_touched(void) {
  for (int times = 0; times < 600; times++) {
    if (unlink(TOUCH) == 0) {
      return 1;
    }
    usleep(50000);
  }
  return 0;
}

int sk_sign(uint32_t algorithm, const uint8_t *data, size_t data_len, const char *application,
            const uint8_t *key_handle, size_t key_handle_len, uint8_t flags, const char *pin,
            struct sk_option **options, struct sk_sign_response **response) {
  (void)options;
  struct sk_sign_response *made = calloc(1, sizeof *made);
  uint8_t to_sign[2 * HASH_BYTES + 5] = {0};
  if (algorithm != ALGORITHM_ED25519 || key_handle_len != KEY_BYTES) {
    return UNSUPPORTED;
  }
  if ((flags & FLAG_VERIFIED) && (pin == NULL || strcmp(pin, PIN) != 0)) {
    return PIN_REQUIRED;
  }
  if (!is_touched()) {
    return GENERAL;
  }
  made->flags = flags;
  made->counter = 1;
  made->sig_r_len = SIGNATURE_BYTES;
  made->sig_r = calloc(1, SIGNATURE_BYTES);
  SHA256((const uint8_t *)application, strlen(application), to_sign);
  to_sign[HASH_BYTES] = flags;
  to_sign[HASH_BYTES + 4] = made->counter;
  SHA256(data, data_len, to_sign + HASH_BYTES + 5);
  EVP_PKEY *key = EVP_PKEY_new_raw_private_key(ED25519, NULL, key_handle, KEY_BYTES);
  EVP_MD_CTX *signing = EVP_MD_CTX_new();
  if (key == NULL || !EVP_DigestSignInit(signing, NULL, NULL, NULL, key) ||
      !EVP_DigestSign(signing, made->sig_r, &made->sig_r_len, to_sign, sizeof to_sign)) {
    return GENERAL;
  }
  *response = made;
  return 0;
}

int sk_load_resident_keys(const char *pin, struct sk_option **options, void ***keys, size_t *count) {
  (void)pin, (void)options, (void)keys, (void)count;
  return UNSUPPORTED;
}
