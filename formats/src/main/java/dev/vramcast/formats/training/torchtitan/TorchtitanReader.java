package dev.vramcast.formats.training.torchtitan;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** torchtitan's TOML, alone or behind {@code --job.config_file}, until 0.2.2. */
public final class TorchtitanReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(TorchtitanReader.class, "keys.tsv");

  /** {@code train_spec.model_args} of torchtitan/models, by the model's name and its flavor. */
  private static final Map<String, String> MODELS =
      Map.ofEntries(
          Map.entry("llama3/8b", "meta-llama/Llama-3.1-8B"),
          Map.entry("llama3/70b", "meta-llama/Llama-3.1-70B"),
          Map.entry("llama3/405b", "meta-llama/Llama-3.1-405B"),
          Map.entry("llama4/17bx16e", "meta-llama/Llama-4-Scout-17B-16E"),
          Map.entry("llama4/17bx128e", "meta-llama/Llama-4-Maverick-17B-128E"),
          Map.entry("qwen3/0.6b", "Qwen/Qwen3-0.6B"),
          Map.entry("qwen3/1.7b", "Qwen/Qwen3-1.7B"),
          Map.entry("qwen3/4b", "Qwen/Qwen3-4B"),
          Map.entry("qwen3/8b", "Qwen/Qwen3-8B"),
          Map.entry("qwen3/14b", "Qwen/Qwen3-14B"),
          Map.entry("qwen3/32b", "Qwen/Qwen3-32B"),
          Map.entry("qwen3/30b-a3b", "Qwen/Qwen3-30B-A3B"),
          Map.entry("qwen3/235b-a22b", "Qwen/Qwen3-235B-A22B"),
          Map.entry("deepseek_v3/16b", "deepseek-ai/DeepSeek-V2-Lite"),
          Map.entry("deepseek_v3/236b", "deepseek-ai/DeepSeek-V2"),
          Map.entry("deepseek_v3/671b", "deepseek-ai/DeepSeek-V3"),
          Map.entry("gpt_oss/20b", "openai/gpt-oss-20b"),
          Map.entry("gpt_oss/120b", "openai/gpt-oss-120b"));

  /** Flavors that differ from another one in the kernel of attention alone. */
  private static final Pattern KERNEL =
      Pattern.compile("_(flex|flex_attn|varlen|varlen_attn|irope)");

  @Override
  public FormatName name() {
    return FormatName.TORCHTITAN;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    int told =
        file.count(
            "training.seq_len",
            "training.local_batch_size",
            "training.batch_size",
            "parallelism",
            "activation_checkpoint",
            "job.dump_folder");
    return file.form() != Form.PROGRAM && file.has("model.flavor") && told > 0
        ? new Recognition(12 + told)
        : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    job.put(JobKey.METHOD, "full");
    job.put(JobKey.PADDING, "packed");
    job.reads(List.of(JobKey.MODEL_ID), () -> model(job));
    new Parallel(job, file).read();
    new Step(job).read();
    return job.done(name());
  }

  private static void model(JobBuilder job) {
    Optional<Setting> named = job.get("model.flavor");
    if (named.isEmpty()) {
      return;
    }
    Setting flavor = named.get();
    String size = flavor.text().toLowerCase(Locale.ROOT);
    Optional<Setting> family = job.get("model.name");
    String known = family.map(Setting::word).orElse("llama3").replaceAll("_ft$", "");
    Optional<String> model =
        Optional.ofNullable(MODELS.get(known + "/" + KERNEL.matcher(size).replaceFirst("")));
    if (model.isEmpty()) {
      throw flavor.unusable(
          "one of " + String.join(", ", MODELS.keySet().stream().sorted().toList()));
    }
    job.put(JobKey.MODEL_ID, model.get(), flavor);
    if (size.contains("flex") || size.contains("irope") || known.equals("gpt_oss")) {
      job.put(JobKey.ATTENTION, "flex", flavor);
    } else if (size.contains("varlen")) {
      job.put(JobKey.ATTENTION, "flash", flavor);
    } else {
      job.put(JobKey.ATTENTION, "sdpa", flavor);
    }
    if (known.equals("deepseek_v3") && !size.startsWith("671b")) {
      job.say(
          FindingCode.NOT_COUNTED,
          flavor,
          "flavor " + flavor.shown() + " is counted as " + model.get() + ", which has its sizes");
    }
  }
}
