package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.units.Version;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * A part beside the language model: a vision or audio encoder with its projector. Training on text
 * alone holds it in memory but does not run it.
 *
 * @param linears every linear projection in it, so that adapters can target them
 * @param others every other parameter tensor
 * @param encoder what runs where images are given; empty where that is not modelled
 * @param units its modules that stay whole on a device; none where that is not known
 * @param tables elements of fp32 buffers, which are no parameters
 * @param words what looks up words of its own among all tokens; empty where nothing does
 */
public record Tower(
    String name,
    List<Linear> linears,
    List<ParameterTensor> others,
    Optional<Encoder> encoder,
    Units units,
    long tables,
    Optional<Words> words) {

  private static final Pattern PROJECTOR =
      Pattern.compile(
          "projector|projection|merger|connector|aligner|embed_(vision|audio)|(?<!_)resampler");

  public Tower {
    linears = List.copyOf(linears);
    others = List.copyOf(others);
  }

  /** One of whose modules it is not known which stay whole. */
  public Tower(
      String name, List<Linear> linears, List<ParameterTensor> others, Optional<Encoder> encoder) {
    this(name, linears, others, encoder, Units.NONE, 0, Optional.empty());
  }

  /**
   * A table of words beside the language model's, which every token is looked up in, whether it is
   * one of these words or stands for another (transformers Gemma3nModel.forward).
   *
   * @param norm of its rows
   * @param linear into the language model, which what the encoder sees goes through, too
   * @param after a norm without a weight
   */
  public record Words(ParameterTensor table, Norm norm, Linear linear, Norm after) {

    /** Whether a parameter of this name is one of these. */
    public boolean has(String path) {
      return path.equals(table.name())
          || path.equals(linear.name())
          || path.equals(norm.name() + ".weight");
    }
  }

  /**
   * Modules that stay whole on a device, as a model's {@code _no_split_modules} names them.
   *
   * @param ends of their paths, {@code *} for a number
   * @param releases of Transformers whose list of the whole model has their classes
   */
  public record Units(List<String> ends, Versions releases) {

    static final Units NONE = new Units(List.of(), Versions.NONE);

    public Units {
      ends = List.copyOf(ends);
    }

    /** The ends of the paths of those that a release has. */
    public List<String> in(Version release) {
      return releases.contains(release) ? ends : List.of();
    }
  }

  /** The same with words of its own. */
  public Tower looking(Words value) {
    return new Tower(name, linears, others, encoder, units, tables, Optional.of(value));
  }

  /** The same parameters, of which nobody says how they run. */
  public Tower withoutEncoder() {
    return new Tower(name, linears, others, Optional.empty(), units, tables, words);
  }

  /** The same that keeps tables of so many elements. */
  public Tower keeping(long elements) {
    return new Tower(name, linears, others, encoder, units, elements, words);
  }

  /** The same, of which these modules stay whole. */
  public Tower inUnits(Units value) {
    return new Tower(name, linears, others, encoder, value, tables, words);
  }

  /**
   * The path of the outermost module that stays whole and has what this path names, if any.
   *
   * @param ends of the paths of modules that stay whole, as {@link Units} has them
   */
  public static Optional<String> unit(String path, List<String> ends) {
    return ends.stream()
        .flatMap(end -> unitAt(path, end.split("\\.")).stream())
        .min(Comparator.comparingInt(String::length));
  }

  private static Optional<String> unitAt(String path, String[] end) {
    String[] names = path.split("\\.");
    for (int first = 0; first + end.length <= names.length; first++) {
      if (isAt(names, first, end)) {
        return Optional.of(String.join(".", Arrays.copyOf(names, first + end.length)));
      }
    }
    return Optional.empty();
  }

  private static boolean isAt(String[] names, int first, String[] end) {
    for (int i = 0; i < end.length; i++) {
      String name = names[first + i];
      boolean any = end[i].equals("*") && Character.isDigit(name.charAt(0));
      if (!any && !end[i].equals(name)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a tensor of this path is of the projector, as modeling code calls those. */
  public static boolean isProjector(String path) {
    return PROJECTOR.matcher(path).find();
  }

  public long parameterCount() {
    return LongStream.concat(
            linears.stream().mapToLong(Linear::parameterCount),
            others.stream().mapToLong(ParameterTensor::count))
        .reduce(0, Math::addExact);
  }
}
