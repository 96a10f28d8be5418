# A template: `make manifests` fills in what stands between @ signs.
class Preflight < Formula
  desc "Checks a medical terminal, its network and its line before they join"
  homepage "@HOMEPAGE@"
  url "@BASE_URL@/preflight-@VERSION@.tar.gz"
  sha256 "@SHA256_SOURCE@"
  license "MIT"

  depends_on "make" => :build
  depends_on "pkgconf" => :build
  depends_on "c-ares"
  depends_on "curl"
  depends_on "jansson"
  depends_on "libyaml"
  depends_on "openssl@3"
  depends_on "utf8proc"

  def install
    system "gmake", "install", "LIBS=shared", "PREFIX=#{prefix}",
           "BASH_COMPLETIONS=#{bash_completion}", "ZSH_FUNCTIONS=#{zsh_completion}"
  end

  test do
    assert_equal "preflight #{version}", shell_output("#{bin}/preflight --version").strip
    assert_match "term-disk", shell_output("#{bin}/preflight list --lang en")
    assert_match "_preflight", (bash_completion/"preflight").read
  end
end
