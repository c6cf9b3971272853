package dev.vramcast.formats.training.unsloth;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.GgufType;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a program does with the model when it is trained: {@code save_pretrained_merged} and {@code
 * save_pretrained_gguf}, or their likes that upload (unsloth/save.py).
 */
final class Export {

  /** Names of quantisations that say what they are for; others are llama.cpp's. */
  private static final Map<String, String> NAMES =
      Map.of("not_quantized", "bf16", "fast_quantized", "q8_0", "quantized", "q4_k_m");

  private final JobBuilder job;
  private final TrainingFile program;

  Export(JobBuilder job, TrainingFile program) {
    this.job = job;
    this.program = program;
  }

  void read() {
    job.reads(List.of(JobKey.MERGE), this::merged);
    job.reads(List.of(JobKey.GGUF), this::converted);
  }

  private boolean adapts() {
    return Stream.of("full", "freeze", "galore").noneMatch(method -> job.is(JobKey.METHOD, method));
  }

  /** Adapters alone are saved where nobody asks for 16 bits; 4 bits are merged in 4 bits. */
  private void merged() {
    Stream.of("save_pretrained_merged", "push_to_hub_merged")
        .flatMap(call -> argument(call, "save_method", 2).stream())
        .filter(method -> method.word().equals("merged_16bit") && adapts())
        .findFirst()
        .ifPresent(method -> job.put(JobKey.MERGE, true, method));
  }

  private void converted() {
    Optional<Setting> type =
        Stream.of("save_pretrained_gguf", "push_to_hub_gguf")
            .filter(program::has)
            .findFirst()
            .flatMap(
                call ->
                    argument(call, "quantization_method", 2)
                        .or(() -> JobBuilder.in(program, call)));
    type.ifPresent(this::convert);
  }

  private void convert(Setting type) {
    if (type.isVariable()) {
      job.say(
          FindingCode.NOT_COUNTED,
          type,
          "which type of file is written is filled in from outside: none is counted");
      return;
    }
    // Without the argument the call itself stands for it, whose default is fast_quantized.
    List<String> names = type.key().contains(".") ? type.words() : List.of("fast_quantized");
    String name = names.isEmpty() ? "" : names.get(0).toLowerCase(Locale.ROOT);
    String known = NAMES.getOrDefault(name, name);
    if (Stream.of(GgufType.values()).noneMatch(each -> each.label().equals(known))) {
      job.say(FindingCode.NOT_COUNTED, type, "a file of the type " + name + " is not counted");
      return;
    }
    job.put(JobKey.GGUF, known, type);
    if (names.size() > 1) {
      job.say(FindingCode.NOT_COUNTED, type, "of several files the first is counted");
    }
  }

  private Optional<Setting> argument(String call, String name, int place) {
    return JobBuilder.in(program, call + "." + name)
        .or(() -> JobBuilder.in(program, call + "." + place));
  }
}
