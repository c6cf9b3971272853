package dev.vramcast.answers.estimate;

import dev.vramcast.answers.first.LifeWords;
import dev.vramcast.answers.first.Training;
import dev.vramcast.answers.memory.LifeTable;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.MachineSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.Saving;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.life.Life.Resource;
import dev.vramcast.core.life.Life.Shortage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
    return subject
        + fits(answer)
        + Gib.card(answer.life().hostBytes())
        + (fitsMachine(answer) ? " of it, " : " of its machine's memory, ")
        + (answer.usesGpu() ? Gib.card(answer.gpuBytes()) + ofGpus(answer) : "no GPU")
        + " and "
        + Gib.card(answer.life().diskBytes())
        + " of disk."
        + (answer.verdict().isPresent() ? "" : open(answer));
  }

  private static String fits(WeightsAnswer answer) {
    if (answer.verdict().isEmpty()) {
      return " needs ";
    }
    OptionalLong memory = answer.resolution().job().machine().memoryBytes();
    String where =
        fitsMachine(answer)
            ? "the " + Gib.card(memory.orElseThrow()) + " of its machine's memory"
            : cards(answer);
    return " fits " + where + ": it needs ";
  }

  private static boolean fitsMachine(WeightsAnswer answer) {
    return answer.verdict().isPresent() && !answer.usesGpu();
  }

  /** Why there is no verdict. */
  private static String open(WeightsAnswer answer) {
    return answer.usesGpu()
        ? " Whether it fits is not known: no GPU is named."
        : " Whether it fits is not known: what memory its machine has is not said.";
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
    elsewhere(answer).ifPresent(sections::notice);
    found(answer).ifPresent(sections::notice);
    unsaid(answer.resolution().job().machine()).ifPresent(sections::notice);
    sections.title("Episodes");
    sections.add(LifeTable.episodes(answer.life(), terminal));
    sections.title("On the disk");
    sections.add(LifeTable.disk(answer.life(), terminal));
    sections.title("Assumptions");
    Remark.sentences(answer.life().assumptions()).forEach(sections::sentence);
    return sections.lines();
  }

  /** What nobody said of the memory, but this machine. */
  private static Optional<Notice> found(WeightsAnswer answer) {
    OptionalLong memory = answer.resolution().job().machine().memoryBytes();
    return answer
        .resolution()
        .value(JobKey.HOST_MEMORY)
        .filter(value -> value.place().filter(Place.Chosen.class::isInstance).isPresent())
        .map(
            value ->
                Notice.of("This machine has ", Gib.card(memory.orElseThrow()), " of memory (")
                    .and(value.note(), ")."));
  }

  private static Optional<Notice> unsaid(MachineSettings machine) {
    if (machine.memoryBytes().isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        machine.diskBytes().isPresent()
            ? Notice.of("How much memory its machine has is not said; ", JobKey.HOST_MEMORY)
                .and(" says it, in GiB.")
            : Notice.of("What its machine has is not said; ", JobKey.HOST_MEMORY)
                .and(" and ", JobKey.DISK, " say it, in GiB."));
  }

  /** What a merge takes on the other device, which is all that such a job could change. */
  private static Optional<Notice> elsewhere(WeightsAnswer answer) {
    return answer
        .elsewhere()
        .map(
            other ->
                Notice.of(JobKey.MERGE_DEVICE, " ", other.device().label())
                    .and(" would need ", Gib.card(other.life().hostBytes()))
                    .and(" of its machine's memory and ", gpu(answer, other), "."));
  }

  private static String gpu(WeightsAnswer answer, WeightsAnswer.Elsewhere other) {
    long bytes = other.life().neededBytes(Resource.GPU);
    boolean spread = answer.gpus() > 1 && other.device() == MergeDevice.GPU;
    return bytes > 0
        ? Gib.card(bytes) + (spread ? " of each of " + answer.gpus() + " GPUs" : " of a GPU")
        : "no GPU";
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
