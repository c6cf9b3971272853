package dev.vramcast.sweep.run;

import dev.vramcast.sweep.product.Axis;
import dev.vramcast.sweep.product.Product;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The combinations of a product as input.
 *
 * @param version of the program, another one of which may estimate otherwise
 */
record ProductInput(Product product, String version) implements Sweep.Input {

  /** Small tables have this many parts, so that all threads have some, whatever their number. */
  private static final int PARTS = 16;

  private static final long LEAST_ROWS = 5_000;

  @Override
  public Parts parts(long rows) {
    long share = Math.max(LEAST_ROWS, product.rows() / PARTS);
    return new ProductParts(product, Math.min(rows, share));
  }

  @Override
  public String identity() {
    return "vramcast " + version + "\nrows " + product.rows() + "\nspec " + hash(product) + "\n";
  }

  private static String hash(Product product) {
    StringBuilder coverage = new StringBuilder();
    say(product.settings(), coverage);
    say(product.data(), coverage);
    coverage.append(product.purchase()).append(product.places()).append(product.market());
    try {
      byte[] text = coverage.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void say(List<Axis> axes, StringBuilder coverage) {
    for (Axis axis : axes) {
      coverage.append(axis.key().path());
      axis.values()
          .forEach(each -> coverage.append(',').append(axis.key().kind().plain(each.value())));
      coverage.append(';');
    }
  }
}
