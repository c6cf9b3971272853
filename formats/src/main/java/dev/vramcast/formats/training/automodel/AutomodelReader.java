package dev.vramcast.formats.training.automodel;

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
import dev.vramcast.formats.training.run.ImageSizes;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.StageNames;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NeMo AutoModel's YAML, alone or behind {@code automodel} and {@code finetune.py --config}. */
public final class AutomodelReader implements ConfigReader {

  /** What a recipe of nemo_automodel/recipes/diffusion has and no other. */
  private static final String DIFFUSION = "flow_matching";

  /** What recipes of nemo_automodel/recipes/llm that train a drafter have, and no other. */
  private static final String TARGET = "recipe_args.target_model_name_or_path";

  private static final KeyTable KEYS = KeyTable.of(AutomodelReader.class, "keys.tsv");

  /** What loads a model as it is published. */
  private static final Pattern LOADERS =
      Pattern.compile("\\.(?:NeMo)?Auto(?:Model|Config)\\w*(?:\\.from_(?:pretrained|config))?$");

  private static final Pattern CONFIGURATION =
      Pattern.compile("transformers\\.models\\.(\\w+)\\.configuration_");

  @Override
  public FormatName name() {
    return FormatName.NEMO_AUTOMODEL;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    int told = file.count("distributed", "dist_env", "optimizer._target_", "dataset._target_");
    boolean steps =
        file.has("step_scheduler")
            && (file.has("model._target_") || file.has("recipe") || file.has(DIFFUSION));
    boolean one = steps || file.has("recipe") && file.has(TARGET);
    return one && file.form() == Form.TREE ? new Recognition(12 + told) : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    recipe(job);
    job.reads(List.of(JobKey.MODEL_ID, JobKey.MODEL_CONFIG), () -> model(job));
    new Method(job).read();
    new Spread(job, file).read();
    new Step(job).read();
    return job.done(name());
  }

  /** The class in nemo_automodel/recipes that runs the file. */
  private static void recipe(JobBuilder job) {
    Optional<Setting> named = job.get("recipe");
    Optional<Setting> recipe = named.flatMap(at -> at.at("_target_")).or(() -> named);
    if (job.get(DIFFUSION).isPresent()) {
      job.unnamedStage(job.get(DIFFUSION), DIFFUSION);
      return;
    }
    String word = recipe.map(Setting::text).orElse("TrainFinetuneRecipeForNextTokenPrediction");
    String name = word.substring(word.lastIndexOf('.') + 1);
    switch (name) {
      case "TrainFinetuneRecipeForNextTokenPrediction",
          "BenchmarkingRecipeForNextTokenPrediction" -> {}
      case "FinetuneRecipeForVLM" -> ImageSizes.sayUntold(job, recipe.orElseThrow());
      case "TrainFinetuneRecipeForSequenceClassification" ->
          StageNames.read(job, recipe.orElseThrow(), "seq_cls");
      case "KnowledgeDistillationRecipeForNextTokenPrediction",
          "KnowledgeDistillationRecipeForVLM" -> {
        StageNames.read(job, recipe.orElseThrow(), "distillation");
        new Distillation(job).read();
      }
      default -> job.unnamedStage(recipe, name);
    }
  }

  /** A configuration of Transformers that stands in the file, whose class is in its folder. */
  private static void written(JobBuilder job, Setting config) {
    Matcher type =
        CONFIGURATION.matcher(job.get("model.config._target_").map(Setting::shown).orElse(""));
    if (config.node().value() instanceof Map<?, ?> values && type.find()) {
      Map<String, Object> written = new LinkedHashMap<>();
      values.forEach((key, value) -> written.put(String.valueOf(key), value));
      written.remove("_target_");
      written.put("model_type", type.group(1));
      job.put(JobKey.MODEL_CONFIG, written, config);
    }
  }

  private static void model(JobBuilder job) {
    Setting model =
        job.any(
                "model.pretrained_model_name_or_path",
                "model.config.pretrained_model_name_or_path",
                "model.config.name_or_path")
            .orElse(null);
    if (model == null) {
      job.get("model.config").ifPresent(config -> written(job, config));
      return;
    }
    job.put(JobKey.MODEL_ID, model);
    job.get("model._target_")
        .filter(target -> !LOADERS.matcher(target.shown()).find())
        .ifPresent(
            target ->
                job.notModelled(
                    JobKey.MODEL_ID,
                    target,
                    Gap.of("model._target_ ", target.shown())
                        .needs("what it makes of the model that it is told of")
                        .modelled("nemo_automodel.NeMoAutoModelFor…, transformers.Auto…")));
    job.get("model.config")
        .filter(config -> config.node() instanceof Node.Fields)
        .flatMap(AutomodelReader::resized)
        .ifPresent(
            size -> {
              throw size.unusable("nothing: give that model's own config.json as model.config");
            });
  }

  /** A size by which the model differs from the one that is published under its name. */
  private static Optional<Setting> resized(Setting config) {
    return List.of("num_hidden_layers", "hidden_size", "n_routed_experts", "num_experts").stream()
        .flatMap(name -> config.at(name).stream())
        .findFirst();
  }
}
