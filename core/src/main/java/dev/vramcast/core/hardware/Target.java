package dev.vramcast.core.hardware;

import java.util.Optional;
import java.util.regex.Pattern;

/** What kernels are compiled for on devices of one generation. */
public sealed interface Target permits Capability, Target.Gfx, Target.Unnamed {

  /** The name of {@link Unnamed} in data and answers. */
  String NONE = "n/a";

  /** As drivers and compilers write it: {@code 9.0}, {@code gfx942}; {@code n/a} without one. */
  String label();

  /**
   * An LLVM target of AMD's compiler, which {@code gcnArchName} begins with.
   *
   * @param label e.g. {@code gfx942}
   */
  record Gfx(String label) implements Target {

    private static final Pattern NAME = Pattern.compile("gfx[0-9a-f]{3,4}");

    static Optional<Target> parse(String text) {
      return NAME.matcher(text).matches() ? Optional.of(new Gfx(text)) : Optional.empty();
    }
  }

  /** Of makers whose compilers name none that programs ask for. */
  record Unnamed() implements Target {

    @Override
    public String label() {
      return NONE;
    }
  }

  /** Reads what {@link #label()} writes; empty when the text is none of that. */
  static Optional<Target> parse(String text) {
    if (text.equals(NONE)) {
      return Optional.of(new Unnamed());
    }
    return Capability.parse(text).<Target>map(capability -> capability).or(() -> Gfx.parse(text));
  }
}
