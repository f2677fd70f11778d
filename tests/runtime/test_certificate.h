// A certificate that a test makes for its own server, good for an hour.
#pragma once

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <string>

namespace alcove::runtime {

class TestCertificate {
 public:
  // For `names`, as OpenSSL writes them: `DNS:a.example,IP:127.0.0.1`. It is its own authority.
  explicit TestCertificate(const std::string& names, const std::string& file) : file_(file) {
    key_ = EVP_EC_gen("P-256");
    certificate_ = X509_new();
    X509_set_version(certificate_, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate_), 3600);
    X509_set_pubkey(certificate_, key_);
    X509_NAME* const name = X509_get_subject_name(certificate_);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate_, name);
    AddExtension(NID_subject_alt_name, names);
    AddExtension(NID_basic_constraints, "critical,CA:TRUE");
    EXPECT_NE(X509_sign(certificate_, key_, EVP_sha256()), 0);
    FILE* const out = std::fopen(file.c_str(), "w");
    EXPECT_EQ(PEM_write_X509(out, certificate_), 1);
    std::fclose(out);
    server_ = SSL_CTX_new(TLS_server_method());
    EXPECT_EQ(SSL_CTX_use_certificate(server_, certificate_), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(server_, key_), 1);
  }
  ~TestCertificate() {
    SSL_CTX_free(server_);
    X509_free(certificate_);
    EVP_PKEY_free(key_);
  }
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;

  // Where it lies, for who is to believe it.
  const std::string& file() const { return file_; }
  ssl_ctx_st* server() const { return server_; }

 private:
  void AddExtension(int kind, const std::string& value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    ASSERT_NE(extension, nullptr) << value;
    X509_add_ext(certificate_, extension, -1);
    X509_EXTENSION_free(extension);
  }

  const std::string file_;
  EVP_PKEY* key_ = nullptr;
  X509* certificate_ = nullptr;
  SSL_CTX* server_ = nullptr;
};

}  // namespace alcove::runtime
