package dev.vramcast.answers.estimate;

import dev.vramcast.answers.first.LifeWords;
import dev.vramcast.answers.first.Training;
import dev.vramcast.answers.memory.LifeTable;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.MachineSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.Saving;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.Life.Shortage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@link WeightsAnswer} for people. */
final class WeightsWords {

  /** What decides what such a job takes. */
  private static final List<JobKey> DECIDING =
      List.of(
          JobKey.FRAMEWORK_NAME,
          JobKey.METHOD,
          JobKey.LORA_RANK,
          JobKey.MERGE_DEVICE,
          JobKey.MODEL_DTYPE,
          JobKey.PRECISION,
          JobKey.STRATEGY,
          JobKey.GPU_COUNT);

  private WeightsWords() {}

  /** As {@code Merging LoRA adapters into qwen2.5-7b needs 15.3 GiB of ..., no GPU.} */
  static String of(WeightsAnswer answer) {
    Optional<Shortage> lacks = answer.shortage();
    String subject = subject(answer);
    if (lacks.isPresent()) {
      return LifeWords.shortage(lacks.get(), subject, cards(answer), true);
    }
    boolean fits = answer.gpu().isPresent() && answer.gpuBytes() > 0;
    Life life = answer.life();
    return subject
        + (fits ? " fits " + cards(answer) + ": it needs " : " needs ")
        + Gib.card(life.hostBytes())
        + " of its machine's memory, "
        + (answer.gpuBytes() > 0 ? Gib.card(answer.gpuBytes()) + ofGpus(answer) : "no GPU")
        + " and "
        + Gib.card(life.diskBytes())
        + " of disk.";
  }

  private static String ofGpus(WeightsAnswer answer) {
    return isSpread(answer) ? " of each of " + answer.gpus() + " GPUs" : " of a GPU";
  }

  private static boolean isSpread(WeightsAnswer answer) {
    return answer.gpus() > 1 && device(answer) == MergeDevice.GPU;
  }

  private static MergeDevice device(WeightsAnswer answer) {
    return answer.resolution().job().saving().merge().orElse(MergeDevice.CPU);
  }

  private static String cards(WeightsAnswer answer) {
    String name = answer.gpu().map(Gpu::name).orElse("GPU");
    return (isSpread(answer) ? answer.gpus() + " × " : "one ") + name;
  }

  private static String subject(WeightsAnswer answer) {
    ResolvedJob job = answer.resolution().job();
    Saving saving = job.saving();
    String model = answer.model().id();
    List<String> done = new ArrayList<>();
    saving.consolidator().ifPresent(tool -> done.add("putting shards of " + model + " together"));
    saving
        .merge()
        .ifPresent(
            on -> done.add("merging " + Training.of(job.method()) + " adapters into " + model));
    saving
        .gguf()
        .ifPresent(
            type ->
                done.add(
                    "converting "
                        + (done.isEmpty() ? model : "it")
                        + " to GGUF in "
                        + type.label()));
    String all = String.join(" and ", done);
    return Character.toUpperCase(all.charAt(0)) + all.substring(1);
  }

  /** The sentence, what was taken for the job, and its episodes. */
  static List<String> lines(WeightsAnswer answer, Terminal terminal) {
    Sections sections = new Sections(terminal);
    sections.lead(of(answer));
    sections.leading(answer.warnings());
    sections.notice(taken(answer));
    MachineSettings machine = answer.resolution().job().machine();
    if (machine.memoryBytes().isEmpty() && machine.diskBytes().isEmpty()) {
      sections.notice(
          Notice.of("What its machine has is not said; ", JobKey.HOST_MEMORY, " and ", JobKey.DISK)
              .and(" say it, in GiB."));
    }
    sections.title("Episodes");
    sections.add(LifeTable.episodes(answer.life(), terminal));
    sections.title("On the disk");
    sections.add(LifeTable.disk(answer.life(), terminal));
    sections.title("Assumptions");
    Remark.sentences(answer.life().assumptions()).forEach(sections::sentence);
    return sections.lines();
  }

  private static Notice taken(WeightsAnswer answer) {
    String values =
        DECIDING.stream()
            .flatMap(key -> answer.resolution().value(key).stream())
            .filter(value -> !value.isLeftOpen())
            .map(WeightsWords::text)
            .collect(Collectors.joining(", "));
    return Notice.of("Nothing is trained; counted with ", values, ".");
  }

  private static String text(ResolvedValue value) {
    String from =
        switch (value.provenance()) {
          case SET -> "";
          case DERIVED -> " (derived)";
          case RECOMMENDED, FRAMEWORK_DEFAULT, ASSUMED -> " (not said)";
        };
    return value.key().path() + " " + value.text() + from;
  }
}
