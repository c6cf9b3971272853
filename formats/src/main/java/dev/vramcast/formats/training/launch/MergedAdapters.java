package dev.vramcast.formats.training.launch;

import dev.vramcast.core.job.document.AsPublished;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.value.NamedBits;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.WeightsAlone;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.Dtypes;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Programs that load a model and its adapters, merge them by PEFT ({@code merge_and_unload} of
 * peft/tuners/tuners_utils.py) and train nothing. The rank of the adapters is for the user to say.
 */
final class MergedAdapters {

  /** Less sure than whatever trains. */
  static final Recognition UNSURE = new Recognition(1);

  private static final Pattern MERGES = Pattern.compile("\\.\\s{0,9}(merge_and_unload)\\s{0,9}\\(");

  /** Adapters made one of several before they are merged, which takes more. */
  private static final Pattern WEIGHS = Pattern.compile("(add_weighted_adapter)");

  /** Where a row moves what it names to a card. */
  private static final Pattern MOVES =
      Pattern.compile("\\.\\s{0,9}(cuda\\s{0,9}\\(|to\\s{0,9}\\([^)]{0,80}(?:cuda|device))");

  private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#.*");

  /** By folder or name of adapters, of which the model is not said. */
  private static final String OF_ADAPTERS = "AutoPeftModel";

  private static final String PEFT = "peft";

  private static final String HOST = "cpu";

  private static final Predicate<String> BEFORE_FIVE =
      Pattern.compile("[34]\\..*").asMatchPredicate();

  private MergedAdapters() {}

  static boolean areIn(TrainingFile file) {
    return file.form() == Form.PROGRAM
        && file.has("AutoModel")
        && row(file, MERGES).isPresent()
        && row(file, WEIGHS).isEmpty()
        && !WeightsAlone.trains(file);
  }

  static void read(JobBuilder job, TrainingFile file) {
    job.put(JobKey.FRAMEWORK_NAME, PEFT);
    Setting merges = row(file, MERGES).orElseThrow();
    job.put(JobKey.WEIGHTS_ALONE, true, merges);
    job.reads(List.of(JobKey.MERGE), () -> job.put(JobKey.MERGE, true, merges));
    job.put(JobKey.METHOD, Method.LORA.label(), merges);
    job.reads(List.of(JobKey.MODEL_ID), () -> model(job, file, merges));
    job.reads(List.of(JobKey.MODEL_DTYPE), () -> dtype(job, file, merges));
    job.reads(List.of(JobKey.MERGE_DEVICE), () -> device(job, file, merges));
    quantised(job, file, merges);
    job.assumeOneGpu();
  }

  private static void model(JobBuilder job, TrainingFile file, Setting merges) {
    Optional<Setting> name =
        argument(file, "pretrained_model_name_or_path", "0")
            .filter(each -> !each.isNothing() && !each.isVariable())
            .filter(each -> !loader(file).startsWith(OF_ADAPTERS));
    if (name.isEmpty()) {
      throw WeightsAlone.ofNoModel(merges);
    }
    job.put(JobKey.MODEL_ID, name.get().model(), name.get());
  }

  private static String loader(TrainingFile file) {
    return argument(file, TrainingFile.LOADER).map(Setting::text).orElse("");
  }

  /** Without one that of the files from Transformers 5 on, and fp32 before. */
  private static void dtype(JobBuilder job, TrainingFile file, Setting merges) {
    Optional<Setting> told =
        argument(file, "dtype", "torch_dtype").filter(each -> !each.isNothing());
    if (told.isPresent()) {
      Dtypes.read(job, told.get());
    } else if (job.text(JobKey.TRANSFORMERS_VERSION).filter(BEFORE_FIVE).isPresent()) {
      job.put(JobKey.MODEL_DTYPE, DataType.FP32, merges);
    } else {
      job.put(JobKey.MODEL_DTYPE, AsPublished.DTYPE, merges);
    }
  }

  /** On the host, unless weights are put elsewhere while they are loaded or behind that. */
  private static void device(JobBuilder job, TrainingFile file, Setting merges) {
    Optional<Setting> map = argument(file, "device_map").filter(each -> !each.isNothing());
    boolean onCard =
        map.isPresent()
            ? !map.get().at("").or(() -> map).orElseThrow().shown().contains(HOST)
            : row(file, MOVES).isPresent();
    MergeDevice device = onCard ? MergeDevice.GPU : MergeDevice.CPU;
    job.put(JobKey.MERGE_DEVICE, device.label(), map.or(() -> row(file, MOVES)).orElse(merges));
  }

  private static void quantised(JobBuilder job, TrainingFile file, Setting merges) {
    Stream.concat(
            Stream.of("load_in_4bit", "load_in_8bit")
                .flatMap(key -> argument(file, key).stream())
                .filter(each -> !each.shown().equalsIgnoreCase("false")),
            Stream.concat(
                argument(file, "quantization_config").filter(each -> !each.isNothing()).stream(),
                job.told(JobKey.MODEL_ID, String.class).filter(NamedBits::isQuantised).stream()
                    .map(name -> merges)))
        .findFirst()
        .ifPresent(bits -> job.notModelled(JobKey.MERGE, bits, WeightsAlone.intoQuantised()));
  }

  private static Optional<Setting> argument(TrainingFile file, String... names) {
    return Stream.of(names)
        .flatMap(name -> JobBuilder.in(file, "AutoModel." + name).stream())
        .findFirst();
  }

  /** Where something stands first that is no comment. */
  private static Optional<Setting> row(TrainingFile file, Pattern what) {
    for (Node.Scalar line : file.lines()) {
      String text = COMMENT.matcher(String.valueOf(line.value())).replaceFirst("");
      Matcher found = what.matcher(text);
      if (found.find()) {
        return Optional.of(
            new Setting(file.name(), found.group(1), new Node.Scalar(found.group(1), line.mark())));
      }
    }
    return Optional.empty();
  }
}
