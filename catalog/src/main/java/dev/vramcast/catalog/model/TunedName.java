package dev.vramcast.catalog.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The model that somebody's own began as, where its name begins with that one's: {@code
 * somebody/Qwen3-0.6B-Reverse-Text-SFT} is a Qwen3-0.6B. The name that begins it has to say a size,
 * and no word behind it may tell another shape, another head, or weights that are stored otherwise.
 */
final class TunedName {

  private static final Pattern SIZE = Pattern.compile("[ae]?\\d+(\\.\\d+)?(x\\d+(\\.\\d+)?)?[bm]");

  /** Whisper's sizes are words. */
  private static final Pattern WHISPER =
      Pattern.compile("whisper-(tiny|base|small|medium|large)(-v[23])?(-turbo)?");

  private static final Pattern OTHER =
      Pattern.compile(
          "w\\d+a\\d+|\\w*fp\\d+|\\d+bits?|[qfn]p?\\d+|i?q\\d\\w*|int\\d+"
              + "|\\d+(l|layers?|experts?)");

  private static final Set<String> OTHER_WORDS =
      Set.of(
          "2of4",
          "aqlm",
          "asr",
          "assistant",
          "audio",
          "awq",
          "bitnet",
          "bnb",
          "classifier",
          "depth",
          "diffusion",
          "draft",
          "eagle",
          "eagle3",
          "embedding",
          "exl2",
          "exl3",
          "expanded",
          "extended",
          "gguf",
          "gptq",
          "guard",
          "hqq",
          "hybrid",
          "layers",
          "linear",
          "mamba",
          "medusa",
          "merged4bit",
          "mlx",
          "moe",
          "mtp",
          "nemotron",
          "nf4",
          "ocr",
          "omni",
          "prm",
          "pro",
          "pruned",
          "reranker",
          "reward",
          "rm",
          "sparse",
          "speech",
          "speculator",
          "ternary",
          "tts",
          "upcycled",
          "vision",
          "visual",
          "vl",
          "vla",
          "vlm",
          "vocab",
          "width");

  private TunedName() {}

  /**
   * The longest known name that a name begins with.
   *
   * @param known what a name without owner, in lower case, is known as
   */
  static Optional<String> base(String name, Function<String, Optional<String>> known) {
    String last = CatalogIndex.lastPart(name.strip()).toLowerCase(Locale.ROOT);
    for (int end = last.length() - 1; end > 0; end--) {
      boolean splits = last.charAt(end) == '-' || last.charAt(end) == '_';
      String begin = last.substring(0, end);
      Optional<String> found = splits ? known.apply(begin) : Optional.empty();
      if (found.isPresent()) {
        return keepsShape(begin, last.substring(end + 1)) ? found : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static boolean keepsShape(String base, String rest) {
    return saysSize(base)
        && words(rest).stream()
            .noneMatch(
                word ->
                    OTHER_WORDS.contains(word)
                        || OTHER.matcher(word).matches()
                        || SIZE.matcher(word).matches());
  }

  private static boolean saysSize(String base) {
    return words(base).stream().anyMatch(word -> SIZE.matcher(word).matches())
        || WHISPER.matcher(base).matches();
  }

  private static List<String> words(String name) {
    return List.of(name.split("[-_]"));
  }
}
