package dev.vramcast.catalog.price;

import static dev.vramcast.core.units.Multiples.GIGA;

import dev.vramcast.catalog.Resources;
import dev.vramcast.core.market.Offer;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What providers say of their machines and price lists leave out: the network between machines of a
 * kind, and who their hosts are. What a list says itself wins.
 */
final class KnownMachines {

  private static final String ANY = "*";
  private static final String PEER = "peer";

  /** A row: machines of a provider whose names end, or are, so. */
  private record Known(String provider, String instance, OptionalDouble bits, boolean peer) {

    private static Known of(String line) {
      String[] cells = line.split("\t", -1);
      OptionalDouble bits =
          cells[2].isEmpty()
              ? OptionalDouble.empty()
              : OptionalDouble.of(GIGA * Double.parseDouble(cells[2]));
      return new Known(cells[0], cells[1], bits, cells[3].equals(PEER));
    }

    private boolean isOf(Offer offer) {
      boolean named =
          instance.startsWith(ANY)
              ? offer.instance().endsWith(instance.substring(ANY.length()))
              : offer.instance().equals(instance);
      return named && offer.provider().equals(provider);
    }
  }

  private static final class Embedded {
    static final List<Known> ROWS =
        Resources.lines("prices/machines.tsv").stream().skip(1).map(Known::of).toList();
  }

  private KnownMachines() {}

  /**
   * The offer with what is known of its machine.
   *
   * @param saysHosts whether its list says who hosts are
   */
  static Offer complete(Offer offer, boolean saysHosts) {
    return Embedded.ROWS.stream()
        .filter(row -> row.isOf(offer))
        .findFirst()
        .map(row -> complete(offer, row, saysHosts))
        .orElse(offer);
  }

  private static Offer complete(Offer offer, Known row, boolean saysHosts) {
    boolean stated = offer.host().networkBits().isPresent();
    boolean peer = row.peer() && !saysHosts;
    return offer.toBuilder()
        .host(stated ? offer.host() : offer.host().over(row.bits()))
        .terms(peer ? offer.terms().peerToPeer(offer.terms().reliability()) : offer.terms())
        .build();
  }
}
