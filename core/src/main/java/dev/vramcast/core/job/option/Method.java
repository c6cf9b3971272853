package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What is trained, and how. */
public enum Method implements Named {
  FULL("full"),
  LORA("lora"),
  QLORA("qlora"),
  DORA("dora"),
  RSLORA("rslora"),
  PISSA("pissa"),
  OFT("oft"),
  IA3("ia3"),
  VERA("vera"),
  LOHA("loha"),
  LOKR("lokr"),
  MISS("miss"),
  FREEZE("freeze"),
  GALORE("galore");

  /** Those that most people choose from. */
  public static final List<Method> USUAL = List.of(FULL, LORA, QLORA);

  /** Labels of those that train adapters, for messages. */
  public static final String WITH_ADAPTERS =
      Arrays.stream(values())
          .filter(Method::trainsAdapters)
          .map(Method::label)
          .collect(Collectors.joining(", "));

  private final String label;

  Method(String label) {
    this.label = label;
  }

  /** Whether the weights of the model stay as they are and adapters beside them are trained. */
  public boolean trainsAdapters() {
    return switch (this) {
      case LORA, QLORA, DORA, RSLORA, PISSA, OFT, IA3, VERA, LOHA, LOKR, MISS -> true;
      case FULL, FREEZE, GALORE -> false;
    };
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<String> spoken() {
    return this == FULL
        ? List.of(
            "full-finetune",
            "full-fine-tune",
            "full-finetuning",
            "full-fine-tuning",
            "full-parameter",
            "full-ft",
            "fft")
        : List.of();
  }
}
