package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checkpoints that are quantised on disk, which Transformers loads as they are whatever the file
 * says. Their configuration tells; before it is looked up, their names do.
 */
public final class Checkpoints {

  /** Schemes of which no kernel is described. */
  private static final Pattern OTHERS =
      Pattern.compile(
          "(?i)(?<![a-z])(AQLM|HQQ|EETQ|GGUF|EXL2|QuIP|SpQR|VPTQ|NVFP4|HIGGS)(?![a-z])");

  private Checkpoints() {}

  private static void unknown(JobBuilder job, String id) {
    Matcher scheme = OTHERS.matcher(id);
    if (scheme.find()) {
      job.notModelled(
          JobKey.QUANTIZATION_SCHEME,
          Gap.of("a checkpoint whose weights are ", scheme.group(1))
              .needs("its tensors, and what a layer of it computes with")
              .modelled(JobKey.QUANTIZATION_SCHEME, " of what it is like"));
    }
  }

  /** Counts the base of adapters as its name says, where the file does not quantise it. */
  public static void read(JobBuilder job) {
    boolean quantised =
        job.has(JobKey.QUANTIZATION_SCHEME) && !job.is(JobKey.QUANTIZATION_SCHEME, "none");
    boolean adapters =
        List.of("lora", "rslora", "dora", "pissa", "oft", "ia3", "vera", "loha", "lokr", "miss")
            .stream()
            .anyMatch(m -> job.is(JobKey.METHOD, m));
    job.text(JobKey.MODEL_ID)
        .filter(id -> !quantised && scheme(id).isEmpty())
        .ifPresent(id -> unknown(job, id));
    Optional<String> scheme = job.text(JobKey.MODEL_ID).flatMap(Checkpoints::scheme);
    if (quantised || !adapters || scheme.isEmpty()) {
      return;
    }
    job.put(JobKey.QUANTIZATION_SCHEME, scheme.get(), JobKey.MODEL_ID);
    if (scheme.get().equals("nf4") && job.is(JobKey.METHOD, "lora")) {
      job.put(JobKey.METHOD, "qlora", JobKey.MODEL_ID);
    }
    job.say(
        FindingCode.NOT_COUNTED,
        JobKey.MODEL_ID.path(),
        "the name of the checkpoint says that it is quantised, which is counted as "
            + scheme.get());
  }

  private static Optional<String> scheme(String id) {
    String name = id.toLowerCase(Locale.ROOT);
    if (name.contains("gptq")) {
      return Optional.of(name.matches(".*(int8|8bit|8-bit).*") ? "gptq-int8" : "gptq-int4");
    }
    if (name.contains("awq")) {
      return Optional.of("awq-int4");
    }
    if (name.contains("aqlm") && name.contains("2bit-1x16")) {
      return Optional.of("aqlm-2bit");
    }
    return name.contains("bnb-4bit") || name.contains("bnb-nf4")
        ? Optional.of("nf4")
        : Optional.empty();
  }
}
