package dev.vramcast.formats.training.mlxlm;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
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

/** mlx-lm's YAML for {@code mlx_lm.lora}, which is read and not modelled. */
public final class MlxLmReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(MlxLmReader.class, "keys.tsv");

  @Override
  public FormatName name() {
    return FormatName.MLX_LM;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    boolean command =
        file.command().stream()
            .flatMap(found -> found.words().stream())
            .anyMatch(word -> word.matches("mlx_lm([./]\\w+)?"));
    int told =
        file.count("lora_parameters", "iters", "adapter_path", "num_layers", "fine_tune_type");
    boolean one = file.form() == Form.TREE && file.has("model") && told > 1;
    return command || one ? new Recognition(11 + told) : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.take("model", JobKey.MODEL_ID);
    job.reads(List.of(JobKey.METHOD), () -> method(job));
    job.take("batch_size", JobKey.MICRO_BATCH);
    job.take("grad_accumulation_steps", JobKey.GRAD_ACCUM);
    job.take("max_seq_length", JobKey.SEQUENCE_LENGTH);
    job.get("grad_checkpoint")
        .ifPresent(on -> job.put(JobKey.CHECKPOINTING, on.bool() ? "full" : "none", on));
    // mlx_lm/tuner/trainer.py updates after so many iterations.
    int each = job.whole(JobKey.GRAD_ACCUM).orElse(1);
    job.get("iters")
        .ifPresent(
            all -> job.put(JobKey.STEPS, Math.max(1, all.number().doubleValue() / each), all));
    job.notModelled(
        JobKey.FRAMEWORK_NAME,
        Gap.of("training by mlx-lm on Apple silicon")
            .needs("what MLX keeps in unified memory, and when it frees it")
            .modelled(JobKey.FRAMEWORK_NAME, " of what would train the same on a GPU"));
    return job.done(name());
  }

  private static void method(JobBuilder job) {
    String type = job.get("fine_tune_type").map(Setting::word).orElse("lora");
    job.put(JobKey.METHOD, type.equals("full") || type.equals("dora") ? type : "lora");
    if (type.equals("full")) {
      return;
    }
    job.take("lora_parameters.rank", JobKey.LORA_RANK);
    job.take("lora_parameters.dropout", JobKey.LORA_DROPOUT);
  }
}
