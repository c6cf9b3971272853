package dev.vramcast.formats.training.unsloth;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.GgufType;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.WeightsAlone;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a program does with the model when it is trained: {@code save_pretrained_merged} and {@code
 * save_pretrained_gguf}, or their likes that upload (unsloth/save.py).
 */
final class Export {

  /** Names of quantisations that say what they are for; others are llama.cpp's. */
  private static final Map<String, String> NAMES =
      Map.of("not_quantized", "bf16", "fast_quantized", "q8_0", "quantized", "q4_k_m");

  private static final List<String> MERGED =
      List.of("save_pretrained_merged", "push_to_hub_merged");

  private static final List<String> CONVERTED = List.of("save_pretrained_gguf", "push_to_hub_gguf");

  private static final String WHOLE = "merged_16bit";

  /** Saves adapters as they are. */
  private static final String ADAPTERS = "lora";

  /** What save.py raises at, and has {@code merged_4bit_forced} for. */
  private static final String NEVER = "merged_4bit";

  /** A model's on the Hub. */
  private static final Pattern NAME = Pattern.compile("[\\w-][\\w.-]*/[\\w.-]+");

  private final JobBuilder job;
  private final TrainingFile program;

  Export(JobBuilder job, TrainingFile program) {
    this.job = job;
    this.program = program;
  }

  void read() {
    job.reads(List.of(JobKey.MERGE), this::merged);
    job.reads(List.of(JobKey.GGUF), this::converted);
    boolean trains = WeightsAlone.trains(program);
    if (job.has(JobKey.MERGE) || job.has(JobKey.GGUF)) {
      Stream.concat(MERGED.stream(), CONVERTED.stream())
          .flatMap(call -> called(call).stream())
          .filter(call -> !trains)
          .findFirst()
          .ifPresent(this::alone);
    } else {
      otherwise().ifPresent(method -> uncounted(method, trains));
    }
  }

  private Optional<Setting> called(String call) {
    return argument(call, "save_method", 2)
        .or(() -> argument(call, "quantization_method", 2))
        .or(() -> JobBuilder.in(program, call));
  }

  /** What it loads is trained adapters, whose folder may not tell of which model. */
  private void alone(Setting call) {
    job.reads(List.of(JobKey.WEIGHTS_ALONE), () -> job.put(JobKey.WEIGHTS_ALONE, true, call));
    job.reads(List.of(JobKey.MODEL_ID), this::refuseFolder);
  }

  private void refuseFolder() {
    Optional<Setting> loaded =
        Stream.of("model_name", "0")
            .flatMap(name -> JobBuilder.in(program, "from_pretrained." + name).stream())
            .findFirst();
    loaded
        .filter(name -> !NAME.matcher(name.text()).matches())
        .ifPresent(
            name -> {
              throw InputError.of("loads adapters from ", name.shown())
                  .kind(ErrorKind.MISSING)
                  .and(", and does not say of which model")
                  .at(name.place())
                  .hint("give ", JobKey.MODEL_ID)
                  .refusal();
            });
  }

  private boolean adapts() {
    return Stream.of("full", "freeze", "galore").noneMatch(method -> job.is(JobKey.METHOD, method));
  }

  /** How a call saves; without the argument the call itself, whose default is 16 bits. */
  private Optional<Setting> method(String call) {
    return argument(call, "save_method", 2).or(() -> JobBuilder.in(program, call));
  }

  private static String named(Setting method) {
    return method.key().contains(".")
        ? method.word().toLowerCase(Locale.ROOT).replace(' ', '_')
        : WHOLE;
  }

  private Stream<Setting> methods() {
    return MERGED.stream().filter(call -> adapts()).flatMap(call -> method(call).stream());
  }

  /** Adapters are merged in 16 bits unless a call is told otherwise (save_pretrained_merged). */
  private void merged() {
    methods()
        .filter(method -> named(method).equals(WHOLE))
        .findFirst()
        .ifPresent(method -> job.put(JobKey.MERGE, true, method));
  }

  /** What is written in neither 16 bits nor adapters. */
  private Optional<Setting> otherwise() {
    return methods()
        .filter(method -> !List.of(WHOLE, ADAPTERS).contains(named(method)))
        .findFirst();
  }

  private void uncounted(Setting method, boolean trains) {
    boolean never = named(method).equals(NEVER);
    String forced = "Unsloth raises an error at it, and has merged_4bit_forced for who means it";
    if (trains && never) {
      job.say(FindingCode.REFUSED, method, forced + ": no merge is counted");
    } else if (trains) {
      job.say(
          FindingCode.NOT_COUNTED,
          method,
          "what it takes to save as " + method.shown() + " is not counted");
    } else if (never) {
      job.stops(JobKey.WEIGHTS_ALONE, method, forced);
    } else {
      job.notModelled(
          JobKey.MERGE,
          method,
          Gap.of("save_method ", method.shown())
              .needs("what is loaded at once while weights are merged so")
              .modelled("save_method ", WHOLE));
    }
  }

  private void converted() {
    Optional<Setting> type =
        CONVERTED.stream()
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
