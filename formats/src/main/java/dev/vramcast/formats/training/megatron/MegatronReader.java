package dev.vramcast.formats.training.megatron;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import java.util.List;

/** The command {@code pretrain_gpt.py} of Megatron-LM, which trains all weights of a model. */
public final class MegatronReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(MegatronReader.class, "keys.tsv");

  @Override
  public FormatName name() {
    return FormatName.MEGATRON_LM;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    boolean one =
        file.command().stream()
            .flatMap(command -> command.words().stream())
            .anyMatch(word -> word.matches("(?:\\S*/)?pretrain_(?:gpt|mamba|hybrid)\\.py"));
    return one ? new Recognition(15) : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, "megatron");
    job.put(JobKey.METHOD, "full");
    job.reads(
        List.of(JobKey.STAGE), () -> job.put(JobKey.STAGE, job.isOn("sft") ? "sft" : "pretrain"));
    job.reads(List.of(JobKey.MODEL_CONFIG, JobKey.MODEL_ID), () -> new Shape(job, file).read());
    new LauncherOptions(job, file).read();
    new Spread(job).read();
    new Step(job).read();
    return job.done(name());
  }
}
