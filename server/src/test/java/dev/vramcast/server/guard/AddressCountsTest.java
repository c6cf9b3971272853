package dev.vramcast.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AddressCountsTest {

  private final AddressCounts counts = new AddressCounts(2);

  @Test
  void one_address_holds_so_many_and_others_theirs() throws UnknownHostException {
    InetAddress one = InetAddress.getByName("192.0.2.1");
    InetAddress other = InetAddress.getByName("192.0.2.2");

    assertThat(counts.take(one)).isTrue();
    assertThat(counts.take(one)).isTrue();
    assertThat(counts.take(one)).isFalse();
    assertThat(counts.take(other)).isTrue();
    counts.give(one);
    assertThat(counts.take(one)).isTrue();
    counts.give(one);
    counts.give(one);
    counts.give(other);
    assertThat(counts.addresses()).isZero();
  }

  @Test
  void this_machine_speaks_for_many() throws UnknownHostException {
    InetAddress own = InetAddress.getByName("127.0.0.1");

    for (int i = 0; i < 10; i++) {
      assertThat(counts.take(own)).isTrue();
    }
    counts.give(own);
    assertThat(counts.addresses()).isZero();
  }
}
