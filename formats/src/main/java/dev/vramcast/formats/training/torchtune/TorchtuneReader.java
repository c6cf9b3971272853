package dev.vramcast.formats.training.torchtune;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.References;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;

/** torchtune: objects named by {@code _component_}, and the keys that recipes read. */
public final class TorchtuneReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(TorchtuneReader.class, "keys.tsv");

  @Override
  public FormatName name() {
    return FormatName.TORCHTUNE;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    int components =
        file.count(
            "model._component_",
            "policy_model._component_",
            "tokenizer._component_",
            "checkpointer._component_");
    return file.form() == Form.TREE && components > 0
        ? new Recognition(10 + components)
        : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile given, SiblingFiles siblings) {
    TrainingFile file = References.followed(given);
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    boolean other = file.count("max_new_tokens", "tasks", "quantizer", "prompt") > 0;
    boolean evaluates = file.has("loss") && file.count("optimizer", "epochs") == 0;
    if (other && file.count("optimizer", "loss") == 0 || evaluates) {
      // recipes/generate.py, eleuther_eval.py and quantize.py; all that train make an optimizer.
      job.get("model._component_")
          .ifPresent(
              model ->
                  job.trainsNothing(
                      model,
                      evaluates ? "there is no optimizer" : "there is no optimizer and no loss"));
    }
    Recipe recipe = new Recipe(job, file);
    recipe.read();
    new Model(job).read();
    new Step(job, recipe.name()).read();
    return job.done(name());
  }
}
