package dev.vramcast.formats.training.rl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Who generates completions, by the names that frameworks have for them. */
public final class Engine {

  /** Engines that frameworks have, and that no job document does. */
  private static final Set<String> OTHERS = Set.of("trtllm", "tensorrt_llm", "dynamo", "lmdeploy");

  private Engine() {}

  /**
   * Takes an engine.
   *
   * @param named vllm, sglang, hf, or a name that no job document has
   * @param beside whether it is on the GPUs of the training
   */
  public static void read(JobBuilder job, Setting named, boolean beside) {
    job.reads(
        List.of(JobKey.ENGINE),
        () -> {
          if (!named.isVariable() && OTHERS.contains(named.word())) {
            job.notModelled(
                JobKey.ENGINE,
                named,
                Gap.of("the engine ", named.shown())
                    .needs("what it takes of a card")
                    .modelled("vllm, sglang, hf"));
          } else {
            job.put(JobKey.ENGINE, word(named, beside), named);
          }
        });
  }

  private static String word(Setting named, boolean beside) {
    String where = beside ? "-colocate" : "-server";
    return switch (named.text().toLowerCase(Locale.ROOT)) {
      case "vllm" -> "vllm" + where;
      case "sglang" -> "sglang" + where;
      case "hf", "naive" -> "transformers";
      default -> throw named.unusable("vllm, sglang, hf");
    };
  }
}
