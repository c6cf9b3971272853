package dev.vramcast.server.guard;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * How many connections each address holds. This machine's own are not counted, since a proxy on it
 * speaks for many.
 */
final class AddressCounts {

  private final int most;
  private final Map<InetAddress, Integer> counts = new HashMap<>();

  /**
   * None yet.
   *
   * @param most connections of one address
   */
  AddressCounts(int most) {
    this.most = most;
  }

  /** Counts one more; false, and nothing is counted, when the address holds as many as it may. */
  synchronized boolean take(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return true;
    }
    int held = counts.getOrDefault(address, 0);
    if (held >= most) {
      return false;
    }
    counts.put(address, held + 1);
    return true;
  }

  /** Counts one less. */
  synchronized void give(InetAddress address) {
    counts.computeIfPresent(address, (each, held) -> held > 1 ? held - 1 : null);
  }

  /** Addresses that hold any. */
  synchronized int addresses() {
    return counts.size();
  }
}
