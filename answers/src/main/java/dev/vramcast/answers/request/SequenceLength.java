package dev.vramcast.answers.request;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.data.LengthDistribution;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.Images;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Profile;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.time.work.TrainingData;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Settles how long the sequences of the step are: as the user or the framework says, at most as
 * long as the longest example where batches are padded to theirs, and else the usual.
 *
 * @param cutOff tokens at which examples are cut
 */
public record SequenceLength(Resolution resolution, int cutOff) {

  /** Tokens of a sequence when nobody says: the cut-off that most fine-tuning recipes use. */
  public static final int USUAL = 2048;

  /** Tokens of a prompt when nobody says: trl/trainer/grpo_config.py max_prompt_length to 0.28. */
  private static final int PROMPT = 512;

  /** Any of these says something of it. */
  private static final Set<JobKey> SAID =
      EnumSet.of(
          JobKey.SEQUENCE_LENGTH,
          JobKey.PROMPT_LENGTH,
          JobKey.COMPLETION_LENGTH,
          JobKey.CHOSEN_LENGTH,
          JobKey.REJECTED_LENGTH);

  /** Resolves a document in which the length may be left out. */
  public static SequenceLength settle(
      JobDocument document, Architecture architecture, Optional<LengthDistribution> lengths) {
    Optional<Resolution> coverage =
        resolve(document).filter(found -> holdsImages(document, found, architecture));
    int limit = (int) Math.min(architecture.maxPositions(), LengthDistribution.LONGEST);
    Resolution first = coverage.orElseGet(() -> usual(document, architecture, limit));
    int length = first.job().batch().sequenceLength();
    if (lengths.isEmpty() || first.job().batch().padding() != Padding.LONGEST) {
      return new SequenceLength(first, length);
    }
    int longest = lengths.get().max();
    int multiple = first.job().parallelism().sequenceMultiple();
    String padded = multiple > 1 ? paddedTo(multiple) : "";
    if (coverage.isPresent()) {
      return longest < length
          ? ofLongest(
              document,
              longest,
              multiple,
              length,
              padded + "; longer ones would be cut at " + length)
          : new SequenceLength(first, length);
    }
    if (limit > 0 && longest > limit) {
      String note = "the model's limit, shorter than the longest example";
      return new SequenceLength(resolved(document, limit, Provenance.DERIVED, note), limit);
    }
    return ofLongest(
        document, longest, multiple, limit > 0 ? limit : LengthDistribution.LONGEST, padded);
  }

  private static SequenceLength ofLongest(
      JobDocument document, int longest, int multiple, int cutOff, String more) {
    int length = (int) Math.min(cutOff, padded(longest, multiple));
    String note = "the longest example" + more;
    return new SequenceLength(resolved(document, length, Provenance.DERIVED, note), cutOff);
  }

  private static long padded(int length, int multiple) {
    return ((long) length + multiple - 1) / multiple * multiple;
  }

  private static String paddedTo(int multiple) {
    return ", padded to a multiple of " + multiple;
  }

  /** Empty when nothing says how long sequences are. */
  private static Optional<Resolution> resolve(JobDocument document) {
    if (usualLengthHolds(document)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JobResolver.resolve(document));
    } catch (InputException e) {
      if (document.has(JobKey.SEQUENCE_LENGTH) || isSum(document)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Prompt and answer say how long they are together. */
  private static boolean isSum(JobDocument document) {
    return document.has(JobKey.PROMPT_LENGTH)
        && Stream.of(JobKey.COMPLETION_LENGTH, JobKey.CHOSEN_LENGTH, JobKey.REJECTED_LENGTH)
            .anyMatch(document::has);
  }

  private static boolean isUsual(JobDocument document) {
    return document.value(JobKey.PROFILE, Profile.class).equals(Optional.of(Profile.RECOMMENDED));
  }

  /** As most people train, the cut-off of one trainer is not the one that is taken. */
  private static boolean usualLengthHolds(JobDocument document) {
    return isUsual(document)
        && SAID.stream().noneMatch(document::has)
        && document.value(JobKey.STAGE, Stage.class).orElse(Stage.SFT).isSupervised();
  }

  /**
   * Whether images have room in a length beside what is generated. As most people train they have,
   * unless somebody says a length.
   */
  private static boolean holdsImages(
      JobDocument document, Resolution found, Architecture architecture) {
    boolean said = document.has(JobKey.SEQUENCE_LENGTH) || isSum(document);
    return said || !isUsual(document) || held(found, architecture);
  }

  private static boolean held(Resolution found, Architecture architecture) {
    long seen = seen(architecture, found.job().batch());
    return seen + completion(found) <= found.job().batch().sequenceLength();
  }

  /** Tokens of an answer, as said or as the framework has it; none where there is none. */
  private static int completion(Resolution found) {
    return found.job().objective().stage().isSupervised()
        ? 0
        : (int) TrainingData.number(found, JobKey.COMPLETION_LENGTH).orElse(0);
  }

  private static Resolution usual(JobDocument document, Architecture architecture, int limit) {
    Resolution first = cutOff(document, limit, 0, 1);
    int multiple = first.job().parallelism().sequenceMultiple();
    long seen = seen(architecture, first.job().batch());
    boolean has = !held(first, architecture) && seen < LengthDistribution.LONGEST;
    boolean divides = first.job().batch().sequenceLength() % multiple == 0;
    return has || !divides ? cutOff(document, limit, has ? (int) seen : 0, multiple) : first;
  }

  /** Tokens of all images and of the sound of a sequence; none where they are not known. */
  private static long seen(Architecture architecture, Batch batch) {
    return tokens(architecture.encoder(), batch.images())
        + tokens(architecture.listener(), batch.sound());
  }

  private static long tokens(Optional<Encoder> reader, Images images) {
    return images.count() == 0
        ? 0
        : reader
            .flatMap(encoder -> encoder.grid().of(images.count(), images.size()))
            .map(parts -> (long) images.count() * parts.tokens())
            .orElse(0L);
  }

  /**
   * The usual cut-off, or what a job needs that says how long a part of it is.
   *
   * @param seen tokens of images; none where there is room for them
   * @param multiple what ranks that share a sequence divide it by
   */
  private static Resolution cutOff(JobDocument document, int limit, int seen, int multiple) {
    int whole = usual(document.value(JobKey.STAGE, Stage.class).orElse(Stage.SFT));
    int answered = document.value(JobKey.COMPLETION_LENGTH, Integer.class).orElse(0);
    int parts = answered + seen;
    int needed = Math.max(whole, parts > 0 ? parts + PROMPT : 0);
    int cutOff = (int) Math.min(padded(needed, multiple), LengthDistribution.LONGEST);
    boolean isShort = limit > 0 && limit < cutOff;
    int most = limit < multiple ? limit : limit / multiple * multiple;
    String images = answered > 0 ? "the images, the completion" : "the images";
    String more = seen > 0 ? images : "the completion";
    String asked = needed > whole ? more + " and a usual prompt" : "the usual cut-off";
    String even = cutOff > needed ? paddedTo(multiple) : "";
    String note = isShort ? "the model's limit" : asked + even;
    Resolution assumed = resolved(document, isShort ? most : cutOff, Provenance.ASSUMED, note);
    List<Notice> warnings = new ArrayList<>(document.remarksAbout(JobKey.SEQUENCE_LENGTH));
    warnings.addAll(assumed.warnings());
    return new Resolution(assumed.job(), assumed.values(), warnings);
  }

  /**
   * Transformers' run_mlm.py takes the tokenizer's limit, at most 1024; passages of embeddings are
   * cut at what BERT reads.
   */
  private static int usual(Stage stage) {
    if (stage == Stage.MASKED_LM) {
      return 1024;
    }
    return stage == Stage.EMBEDDING ? 512 : USUAL;
  }

  private static Resolution resolved(
      JobDocument document, int length, Provenance provenance, String note) {
    Resolution resolution =
        JobResolver.resolve(document.with(JobKey.SEQUENCE_LENGTH, length, new Place.Chosen(note)));
    List<ResolvedValue> values =
        resolution.values().stream()
            .map(
                value ->
                    value.key() == JobKey.SEQUENCE_LENGTH
                        ? new ResolvedValue(value.key(), value.value(), provenance, note)
                        : value)
            .toList();
    return new Resolution(resolution.job(), values, resolution.warnings());
  }
}
