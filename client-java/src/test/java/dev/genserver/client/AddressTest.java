package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  @ParameterizedTest
  @CsvSource({
    "localhost,localhost,6470,localhost:6470",
    "example.org:7000,example.org,7000,example.org:7000",
    "127.0.0.1:1,127.0.0.1,1,127.0.0.1:1",
    "[::1],::1,6470,[::1]:6470",
    "[fe80::1%eth0]:65535,fe80::1%eth0,65535,[fe80::1%eth0]:65535",
    "tcp://[::1]:7000,::1,7000,[::1]:7000",
  })
  void hostAndPortAreRead(String text, String host, int port, String shown) {
    assertThat(Address.parse(text, false))
        .isEqualTo(new Address(host, port, false))
        .hasToString(shown);
  }

  @ParameterizedTest
  @CsvSource({"localhost,true", "tls://localhost,true", "tls://localhost,false"})
  void tlsIsSpokenWhereTheAddressOrTheOptionsSaySo(String text, boolean options) {
    assertThat(Address.parse(text, options))
        .isEqualTo(new Address("localhost", 6470, true))
        .hasToString("tls://localhost:6470");
  }

  @Test
  void addressWithoutTlsContradictsOptionsWithTls() {
    assertThatThrownBy(() -> Address.parse("tcp://localhost", true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'tcp://localhost' is without TLS, but the options have TLS; give one of them up");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":6470",
        "host:",
        "host:0",
        "host:65536",
        "host:x",
        "::1",
        "[::1",
        "a b",
        "a:1:2",
        "http://localhost",
        "tls://"
      })
  void anythingElseIsNoAddress(String text) {
    assertThatThrownBy(() -> Address.parse(text, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'"
                + text
                + "' is no address; write host, host:port or [IPv6 address]:port, the port from 1"
                + " to 65535, and tls:// or tcp:// before it if you like");
  }
}
