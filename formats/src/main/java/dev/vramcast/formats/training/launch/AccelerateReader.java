package dev.vramcast.formats.training.launch;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.AccelerateFile;
import java.util.List;

/**
 * A file of {@code accelerate launch}, which says how a job is spread but not what it trains, and
 * commands that put shards together, which say no more.
 */
public final class AccelerateReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(AccelerateReader.class, "accelerate.tsv");

  @Override
  public FormatName name() {
    return FormatName.ACCELERATE;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    if (JoinedShards.areIn(file)) {
      return JoinedShards.SURE;
    } else if (MergedAdapters.areIn(file)) {
      return MergedAdapters.UNSURE;
    }
    return file.form() == Form.TREE && AccelerateFile.isOne(file)
        ? new Recognition(9)
        : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    boolean joins = JoinedShards.areIn(file);
    if (joins || MergedAdapters.areIn(file)) {
      JobBuilder alone = new JobBuilder(JoinedShards.withoutOptions(file), KEYS);
      if (joins) {
        JoinedShards.read(alone, file);
      } else {
        MergedAdapters.read(alone, file);
      }
      return alone.done(name());
    }
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, FormatName.TRANSFORMERS.label());
    AccelerateFile.read(job, file, siblings)
        .ifPresent(
            setting ->
                job.reads(
                    List.of(JobKey.CHECKPOINTING),
                    () -> job.put(JobKey.CHECKPOINTING, "full", setting)));
    if (!job.has(JobKey.GPU_COUNT)) {
      job.assumeOneGpu();
    }
    return job.done(name());
  }
}
