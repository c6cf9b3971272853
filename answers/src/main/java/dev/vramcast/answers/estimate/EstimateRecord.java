package dev.vramcast.answers.estimate;

import dev.vramcast.answers.correction.CorrectedFigures;
import dev.vramcast.answers.correction.CorrectionRecord;
import dev.vramcast.answers.first.DecidesRecord;
import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Extra;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.record.ShownAs;
import dev.vramcast.answers.words.AssumptionsRecord;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.calibration.CorrectedMemory;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.range.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** {@link EstimateAnswer} for programs. */
@Describes("The peak memory of a training step, what it is made of, and how long the step takes.")
public record EstimateRecord(
    @Describes(Meaning.SUMMARY) String summary,
    @Describes("The model, as its config.json has it.") Model model,
    @Describes("The card of the job; null where it names none.") Optional<Card> gpu,
    DecidesRecord decides,
    @Describes("Memory of the rank that needs most, in bytes of one card.") MemoryRecord memory,
    @Describes("Every kind of rank.") List<RankRecord> ranks,
    LifeRecord life,
    @Describes("The longest batch; there where the job says how long its examples are.")
        Extra<WorstBatchRecord> worstBatch,
    @Describes("Speed; null without a GPU whose rates are known.") Optional<TimeRecord> time,
    @ShownAs("Settings") @Describes(Meaning.JOB) JobDocument job,
    @ShownAs("Settings") @Describes("Where each value comes from.") List<Setting> settings,
    AssumptionsRecord assumptions,
    WarningsRecord warnings,
    @Describes("The step of the rank that needs most, state by state; there where asked for.")
        Extra<TimelineRecord> timeline,
    @ShownAs("Tensors alive at the peak, by module")
        @Describes(
            "Each module with tensors at the peak, behind the one above it; where asked for.")
        Extra<List<ModuleRecord>> byModule,
    @Describes("The correction that was kept for such jobs; there where one is used.")
        Extra<Corrected> correction) {

  public static final String KIND = "estimate";

  /** The model. */
  record Model(
      @Describes("Its name: an entry of the catalogue, a Hub id, or a path.") String id,
      @Describes("Where its config.json was found.") String origin,
      @Describes("model_type of its config.json.") String modelType,
      @Describes(Meaning.PARAMETERS) long parameters,
      @Describes(Meaning.ACTIVE_PARAMETERS) long activeParameters,
      @Describes("Decoder layers.") int layers,
      @Describes("Features of a token between layers.") long hiddenSize,
      @Describes("Tokens that it knows.") long vocabularySize,
      @Describes("Longest sequence of its config.json; 0 where it has none.") long maxPositions) {}

  /** The card of the job. */
  record Card(
      @Describes(Meaning.GPU) String name,
      @Describes(Meaning.MEMORY) long memoryBytes,
      @Describes(Meaning.HEADROOM) long headroomBytes,
      @Describes(Meaning.VERDICT + " Null where there is no range.") Optional<Verdict> verdict,
      @Describes(Meaning.VERDICT_WORDS + " Null where there is no range.")
          Optional<String> verdictWords,
      @Describes(Meaning.CHANCE) OptionalDouble chance) {}

  /** A value of the job. */
  record Setting(
      @Describes("Path of the key in a job document.") String key,
      @Describes("As in a job document; null where it is left open.") Optional<Object> value,
      @Describes("What it was decided by: set, implied, framework_default, default or assumed.")
          String provenance,
      @Describes("The place, the rule or the default that decided.") String note) {

    static Setting of(ResolvedValue value) {
      String provenance = value.provenance().label().replace(' ', '_');
      return new Setting(value.key().path(), plain(value), provenance, value.note());
    }

    private static Optional<Object> plain(ResolvedValue value) {
      if (value.isLeftOpen()) {
        return Optional.empty();
      }
      // A key may carry a number that has no key of its own, such as GaLore's rank.
      return Optional.ofNullable(
          value.value() instanceof Number
              ? value.value()
              : value.key().kind().plain(value.value()));
    }
  }

  /** A correction and what it makes of the estimate, whose own figures stand where they do. */
  record Corrected(
      CorrectionRecord correction, @Describes("The corrected figures.") Figures corrected) {

    /** The figures that are corrected. */
    record Figures(
        @Describes(Meaning.ALLOCATED) long allocatedBytes,
        @Describes(Meaning.RESERVED) long reservedBytes,
        @Describes(Meaning.DEVICE) long deviceBytes,
        @Describes(Meaning.NEEDED) long neededBytes,
        @Describes(Meaning.VERDICT + " Null without a card or a range.") Optional<Verdict> verdict,
        @Describes(Meaning.CHANCE) OptionalDouble chance,
        @Describes("Of all GPUs; null where no speed was measured, or none is estimated.")
            Optional<Double> tokensPerSecond) {}

    static Corrected of(CorrectedFigures figures) {
      CorrectedMemory memory = figures.memory();
      return new Corrected(
          CorrectionRecord.of(figures.correction()),
          new Figures(
              memory.allocatedBytes(),
              memory.reservedBytes(),
              memory.deviceBytes(),
              memory.neededBytes(),
              figures.verdict(),
              figures.chance(),
              figures.speed().map(CorrectedFigures.Speed::corrected)));
    }
  }

  static EstimateRecord of(EstimateAnswer answer) {
    EstimateReport report = answer.report();
    ExpectedMemory expected = report.expected();
    return new EstimateRecord(
        answer.screen().sentence(),
        model(report),
        report.gpu().map(gpu -> card(gpu, answer, expected)),
        DecidesRecord.of(answer.screen().outcome()),
        MemoryRecord.of(report, expected),
        report.memory().ranks().stream().map(rank -> RankRecord.of(rank, expected)).toList(),
        LifeRecord.of(report.life()),
        Extra.of(report.data().map(WorstBatchRecord::of)),
        report.time().map(time -> TimeRecord.of(time, report.run())),
        report.resolution().document(),
        report.resolution().values().stream().map(Setting::of).toList(),
        AssumptionsRecord.of(report.assumptions()),
        WarningsRecord.of(report.warnings()),
        answer.timeline() ? Extra.of(TimelineRecord.of(report)) : Extra.none(),
        answer.modules() ? Extra.of(ModuleRecord.of(report)) : Extra.none(),
        Extra.of(answer.corrected().map(Corrected::of)));
  }

  private static Model model(EstimateReport report) {
    Architecture architecture = report.model().architecture();
    return new Model(
        report.model().id(),
        report.model().origin(),
        architecture.modelType(),
        Tensors.count(architecture),
        Tensors.activeCount(architecture),
        architecture.layerCount(),
        architecture.hiddenSize(),
        architecture.vocabularySize(),
        architecture.maxPositions());
  }

  private static Card card(Gpu gpu, EstimateAnswer answer, ExpectedMemory expected) {
    boolean lacks = answer.screen().outcome().needs().shortage().isPresent();
    Optional<Verdict> verdict = lacks ? Optional.of(Verdict.DOES_NOT_FIT) : expected.verdict(gpu);
    OptionalDouble chance = lacks ? OptionalDouble.empty() : expected.chance(gpu);
    long headroom = expected.headroomBytes(gpu);
    return new Card(
        gpu.name(),
        gpu.allocatableBytes(),
        headroom,
        verdict,
        verdict.map(each -> Chance.verdict(each, chance, headroom >= 0)),
        chance);
  }
}
