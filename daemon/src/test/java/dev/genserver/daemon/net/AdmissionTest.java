package dev.genserver.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noMoreAreAdmittedThanMayBeOpenInAll() {
    var admission = new Admission(2, 10);
    assertThat(admission.enter(address("10.0.0.1"))).isEmpty();
    assertThat(admission.enter(address("10.0.0.2"))).isEmpty();
    assertThat(admission.enter(address("10.0.0.3"))).get().asString().contains("connection.max ");
    admission.leave(address("10.0.0.3"));
    admission.leave(address("10.0.0.1"));
    assertThat(admission.enter(address("10.0.0.3"))).isEmpty();
  }

  @Test
  void oneAddressCannotTakeAll() {
    var admission = new Admission(10, 1);
    assertThat(admission.enter(address("10.0.0.1"))).isEmpty();
    assertThat(admission.enter(address("10.0.0.1")))
        .get()
        .asString()
        .contains("connection.max-per-address");
    assertThat(admission.enter(address("10.0.0.2"))).isEmpty();
    admission.leave(address("10.0.0.1"));
    admission.leave(address("10.0.0.1"));
    assertThat(admission.enter(address("10.0.0.1"))).isEmpty();
  }

  @Test
  void addressesOfOneIpv6NetworkCountAsOne() {
    var admission = new Admission(10, 1);
    assertThat(admission.enter(address("2001:db8:0:1::1"))).isEmpty();
    assertThat(admission.enter(address("2001:db8:0:1:ffff::2"))).isPresent();
    assertThat(admission.enter(address("2001:db8:0:2::1"))).isEmpty();
  }
}
