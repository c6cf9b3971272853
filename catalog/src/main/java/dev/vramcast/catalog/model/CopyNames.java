package dev.vramcast.catalog.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The names of copies: {@code somebody/Qwen2.5-7B-Instruct-AWQ} has the shape of {@code
 * Qwen/Qwen2.5-7B-Instruct}. Only endings that are known not to change a shape are taken off, and
 * what was taken off is kept, so that it can be said.
 *
 * @param base the name without owner and endings, in lower case
 * @param removed the endings, as they were written
 * @param quantized whether an ending says that the weights are stored quantised
 */
record CopyNames(String base, List<String> removed, boolean quantized) {

  /** Unsloth's copies in 4 bits, some of whose modules stay in 16. */
  static final String DYNAMIC = "-unsloth-bnb-4bit";

  private static final List<String> QUANTIZED =
      List.of(
          DYNAMIC,
          "-bnb-4bit",
          "-bnb-8bit",
          "-bnb-nf4-bf16",
          "-bnb-nf4",
          "-bnb-int4",
          "-bnb-int8",
          "-4bit-dwq",
          "-4bit",
          "-5bit",
          "-6bit",
          "-8bit",
          "-4-bit",
          "-8-bit",
          "-4bits",
          "-8bits",
          "-autoroundgptq",
          "-gptqmodel",
          "-mxfp4-q4",
          "-gptq-int4",
          "-gptq-int8",
          "-int4",
          "-int8",
          "-gptq",
          "-awq",
          "-fp8-dynamic",
          "-fp8-block",
          "-fp8",
          "-fp4",
          "-nvfp4",
          "-mxfp4",
          "-mlx",
          "-exl2",
          "-gguf");

  private static final List<String> SAME_SHAPE =
      List.of("-bf16", "-fp16", "-f16", "-hf", "-instruct", "-chat", "-base", "-it", "-pt", "-qat");

  /** The names to look for, the fullest first; empty when no ending can be taken off. */
  static List<CopyNames> of(String id) {
    List<CopyNames> names = new ArrayList<>();
    Optional<CopyNames> next =
        Optional.of(new CopyNames(lastPart(id).toLowerCase(Locale.ROOT), List.of(), false));
    while (next.isPresent()) {
      names.add(next.get());
      next = next.get().shorter();
    }
    return names;
  }

  private Optional<CopyNames> shorter() {
    return without(QUANTIZED, true).or(() -> without(SAME_SHAPE, false));
  }

  private Optional<CopyNames> without(List<String> endings, boolean areQuantized) {
    for (String ending : endings) {
      if (base.endsWith(ending) && base.length() > ending.length()) {
        List<String> all = new ArrayList<>(removed);
        all.add(ending);
        String rest = base.substring(0, base.length() - ending.length());
        return Optional.of(new CopyNames(rest, List.copyOf(all), quantized || areQuantized));
      }
    }
    return Optional.empty();
  }

  private static String lastPart(String id) {
    return CatalogIndex.lastPart(id.strip());
  }
}
