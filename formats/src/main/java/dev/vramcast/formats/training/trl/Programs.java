package dev.vramcast.formats.training.trl;

import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.handed.Dictionaries;
import dev.vramcast.formats.training.run.ImageSizes;
import dev.vramcast.formats.training.run.ModelArguments;
import dev.vramcast.formats.training.run.TokenizedRows;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.DataSets;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Python programs on TRL, turned into the arguments that its command line would take. */
final class Programs {

  /** What tells that a call has to do with adapters. */
  private static final Pattern ADAPTED = Pattern.compile("(?i)peft|lora|adapter");

  /** What makes a configuration, and takes none. */
  private static final Pattern MAKER = Pattern.compile("(?i)config|cfg");

  /** Adapters of PEFT that are no LoRA (peft/tuners). */
  private static final Pattern OTHERS =
      Pattern.compile(
          "(?:AdaLora|Adamss|AdaptionPrompt|BOFT|Beft|Bone|C3A|CPT|Cartridge|Deft|Delora|FourierFT"
              + "|Frod|Glora|Gralora|HRA|Hira|IA3|LNTuning|Lily|LoHa|LoKr|Miss"
              + "|MultitaskPromptTuning|OFT|OSF|Peanut|Poly|PrefixTuning|PromptEncoder"
              + "|PromptTuning|Psoft|Pvera|RandLora|Reft|Road|Shadow|Shira|Supertuning|TinyLora"
              + "|TrainableTokens|UniLora|VBLoRA|Vera|WaveFT|XLora)Config");

  /** Quantisers of which no kernel is described (transformers/utils/quantization_config.py). */
  private static final Pattern QUANTISERS =
      Pattern.compile(
          "(?:Hqq|Quanto|TorchAo|Eetq|Aqlm|Vptq|SpQR|AutoRound|Higgs|BitNetQuant|FPQuant"
              + "|FineGrainedFP8|Fbgemm\\w*|CompressedTensors)Config");

  /** A model that the program has made, {@code self.model}, and no name of one. */
  private static final Pattern OBJECT = Pattern.compile("<.*|[a-z_]\\w*(?:\\.[a-z_]\\w*)+");

  private static final Set<String> QUANTISING =
      Set.of("quantization_config", "bnb_config", "model_init_kwargs", "model_kwargs");

  /** What checkpoints are called that are quantised. */
  private static final Pattern QUANTISED =
      Pattern.compile("(?i)gptq|awq|aqlm|hqq|eetq|bnb|[48].?bit|int[48]");

  private static final Pattern LIGER = Pattern.compile("_?apply_liger_kernel(_to_\\w+)?");

  /** What programs name that look for all linear layers but the head, after artidoro/qlora. */
  private static final Pattern LINEAR =
      Pattern.compile("<(?:\\w+ \\. )*find_(?:all_)?linear_(?:names|modules|layers) \\(.*");

  private static final String USES = "use_peft";

  private static final Map<String, String> OF_MODEL =
      Map.ofEntries(
          Map.entry("0", "model_name_or_path"),
          Map.entry("pretrained_model_name_or_path", "model_name_or_path"),
          Map.entry("dtype", "dtype"),
          Map.entry("torch_dtype", "torch_dtype"),
          Map.entry("attn_implementation", "attn_implementation"),
          Map.entry("use_flash_attention_2", "use_flash_attention_2"),
          Map.entry("load_in_4bit", "load_in_4bit"),
          Map.entry("load_in_8bit", "load_in_8bit"),
          Map.entry("num_labels", "num_labels"),
          Map.entry(TrainingFile.LOADER, TrainingFile.LOADER));

  private static final Map<String, String> OF_ADAPTERS =
      Map.ofEntries(
          Map.entry("r", "lora_r"),
          Map.entry("lora_alpha", "lora_alpha"),
          Map.entry("lora_dropout", "lora_dropout"),
          Map.entry("target_modules", "lora_target_modules"),
          Map.entry("target_parameters", "lora_target_parameters"),
          Map.entry("modules_to_save", "lora_modules_to_save"),
          Map.entry("use_dora", "use_dora"),
          Map.entry("use_rslora", "use_rslora"),
          Map.entry("layers_to_transform", "LoraConfig.layers_to_transform"),
          Map.entry("layer_replication", "LoraConfig.layer_replication"),
          Map.entry("rank_pattern", "LoraConfig.rank_pattern"),
          Map.entry("exclude_modules", "LoraConfig.exclude_modules"),
          Map.entry("trainable_token_indices", "LoraConfig.trainable_token_indices"));

  private static final Map<String, String> OF_BITSANDBYTES =
      Map.of(
          "load_in_4bit",
          "load_in_4bit",
          "load_in_8bit",
          "load_in_8bit",
          Adapters.SKIPPED,
          Adapters.SKIPPED,
          "bnb_4bit_quant_type",
          "bnb_4bit_quant_type",
          "bnb_4bit_use_double_quant",
          "use_bnb_nested_quant",
          "bnb_4bit_quant_storage",
          "bnb_4bit_quant_storage");

  private Programs() {}

  /** Whether a program trains with TRL or with the Trainer. */
  static boolean isOne(TrainingFile file, boolean bare) {
    boolean trl =
        Stream.of(Stage.values()).flatMap(stage -> stage.classes().stream()).anyMatch(file::has);
    boolean arguments = TrainerArguments.PLAIN.stream().anyMatch(file::has);
    boolean trainer = arguments && file.count("Trainer", "Seq2SeqTrainer", "AutoModel") > 0;
    return file.form() == Form.PROGRAM && (bare ? (trainer || Xtuner.isOne(file)) && !trl : trl);
  }

  /** The arguments; a file that is no program stays as it is. */
  static TrainingFile flat(TrainingFile file) {
    if (file.form() != Form.PROGRAM) {
      return file;
    }
    if (Xtuner.isOne(file)) {
      return file.withRoot(new Node.Fields(Xtuner.keys(file), Mark.of(1)));
    }
    Map<String, Node> keys = new LinkedHashMap<>();
    model(file, keys);
    adapters(file, keys);
    if (!file.has("BitsAndBytesConfig") && file.has("AutoModel.quantization_config")) {
      named(file, QUANTISERS).ifPresent(kind -> keys.put(Adapters.QUANTISER, kind));
    }
    if (!keys.containsKey(USES)) {
      others(file, keys);
    }
    liger(file, keys);
    file.node(TrainingFile.FREEZES).ifPresent(freezes -> keys.put(TrainingFile.FREEZES, freezes));
    file.root()
        .at(Adapters.FREEZES_ENCODER)
        .ifPresent(call -> keys.put(Adapters.FREEZES_ENCODER, new Node.Scalar(true, call.mark())));
    // Of a program with several stages the one that is not supervised is meant.
    List<String> classes = Stage.of(file).classes();
    TrainerArguments.put(file, classes, keys);
    TokenizedRows.put(file, file.has(classes.get(1)), keys);
    AskedArguments.settle(file, keys);
    names(keys);
    widened(file, keys);
    DataSets.named(file).ifPresent(name -> keys.putIfAbsent(DataSets.KEY, name));
    ForbiddenCache.in(file).ifPresent(said -> keys.put(ForbiddenCache.KEY, said));
    ImageSizes.keep(file, keys);
    TrainerArguments.defaults(file, classes, keys);
    ProgramCheckpoints.put(file, file.has(classes.get(0)), keys);
    return file.withRoot(new Node.Fields(keys, Mark.of(1)));
  }

  private static void model(TrainingFile file, Map<String, Node> keys) {
    ModelArguments.put(file, keys);
    take(file, "AutoModel", OF_MODEL, keys);
    if (isQuantised(file)) {
      take(file, "BitsAndBytesConfig", OF_BITSANDBYTES, keys);
    }
  }

  /** Adapters of another kind, or such as are loaded. */
  private static void others(TrainingFile file, Map<String, Node> keys) {
    named(file, OTHERS).ifPresent(kind -> Tuners.put(file, kind, keys));
    Tuners.elsewhere(file)
        .filter(adapted -> !keys.containsKey(Adapters.OTHER))
        .ifPresent(
            adapted -> {
              defaults(adapted.mark(), keys);
              keys.put(Adapters.LOADED, adapted);
            });
  }

  /** The model and the adapters' targets, by the names that a command line has for them. */
  private static void names(Map<String, Node> keys) {
    keys.computeIfPresent("model_name_or_path", (key, model) -> AskedArguments.seen(model));
    keys.computeIfPresent(
        "lora_target_modules",
        (key, targets) ->
            LINEAR.matcher(String.valueOf(targets.value())).matches()
                ? new Node.Scalar("all-linear", targets.mark())
                : names(targets));
  }

  /**
   * Liger's kernels that a program puts into the model's classes itself, or has put there as it
   * loads (liger_kernel/transformers/monkey_patch.py, auto_model.py).
   */
  private static void liger(TrainingFile file, Map<String, Node> keys) {
    file.root().fields().entrySet().stream()
        .filter(call -> LIGER.matcher(call.getKey()).matches())
        .findFirst()
        .map(Map.Entry::getValue)
        .or(
            () ->
                file.node("AutoModel." + TrainingFile.LOADER)
                    .filter(loader -> "AutoLigerKernelForCausalLM".equals(loader.value())))
        .ifPresent(call -> keys.put(Rows.LIGER_CALL, call));
  }

  /** Whether the model may be handed a quantisation: by its own call, or by one nobody follows. */
  private static boolean isQuantised(TrainingFile file) {
    if (!(file.root().at("AutoModel").orElse(null) instanceof Node.Fields load)) {
      return true;
    }
    return Stream.of("quantization_config", "**", "config").anyMatch(name -> isGiven(load, name))
        || file.root().fields().values().stream()
            .anyMatch(
                call ->
                    call instanceof Node.Fields arguments
                        && arguments.fields().keySet().stream()
                            .anyMatch(
                                name -> QUANTISING.contains(name) && isGiven(arguments, name)));
  }

  /** Whether a call has an argument that is not known to be None. */
  private static boolean isGiven(Node.Fields call, String name) {
    Node node = call.fields().get(name);
    return node != null && !node.isNull();
  }

  /** The name of a call of a kind. */
  private static Optional<Node> named(TrainingFile file, Pattern kind) {
    return file.root().fields().entrySet().stream()
        .filter(call -> kind.matcher(call.getKey()).matches())
        .findFirst()
        .map(call -> new Node.Scalar(call.getKey(), call.getValue().mark()));
  }

  /** peft/tuners/lora/config.py has other defaults than TRL's command line. */
  private static void defaults(Mark mark, Map<String, Node> keys) {
    keys.put(USES, new Node.Scalar(true, mark));
    keys.put("lora_r", new Node.Scalar(BigDecimal.valueOf(8), mark));
    keys.put("lora_alpha", new Node.Scalar(BigDecimal.valueOf(8), mark));
    keys.put("lora_dropout", new Node.Scalar(BigDecimal.ZERO, mark));
  }

  private static void adapters(TrainingFile file, Map<String, Node> keys) {
    if (!(file.root().at("LoraConfig").orElse(null) instanceof Node.Fields call)) {
      return;
    }
    if (!isPassed(file)) {
      return;
    }
    defaults(call.mark(), keys);
    take(file, "LoraConfig", OF_ADAPTERS, keys);
    file.node("LoraConfig." + Dictionaries.OPEN)
        .ifPresent(
            open ->
                List.of("r", "target_modules").stream()
                    .filter(key -> !call.fields().containsKey(key))
                    .forEach(key -> keys.put(OF_ADAPTERS.get(key), open)));
  }

  /** {@code all-linear} is a name like others in a list (peft/tuners/tuners_utils.py). */
  private static Node names(Node targets) {
    if (!(targets instanceof Node.Items list) || list.items().size() < 2) {
      return targets;
    }
    List<Node> names =
        list.items().stream().filter(name -> !"all-linear".equals(name.value())).toList();
    return new Node.Items(names, targets.mark());
  }

  /** PEFT makes what is in 16 bits fp32 where nothing is quantised (peft/utils/other.py). */
  private static void widened(TrainingFile file, Map<String, Node> keys) {
    boolean told =
        file.has("AutoModel.quantization_config")
            || file.has("AutoModel.**")
            || file.has("BitsAndBytesConfig");
    boolean quantised =
        told && isQuantised(file)
            || keys.containsKey(Adapters.QUANTISER)
            || isOn(keys, "load_in_4bit", "load_in_8bit")
            || isStoredSo(keys);
    ProgramCheckpoints.preparing(file)
        .filter(call -> loads(file) && !quantised)
        .ifPresent(call -> keys.put(Model.WIDENED, call));
  }

  /** Whether the name of the checkpoint says that it is quantised. */
  static boolean isStoredSo(Map<String, Node> keys) {
    return Optional.ofNullable(keys.get("model_name_or_path"))
        .flatMap(Choice::text)
        .filter(name -> QUANTISED.matcher(name).find())
        .isPresent();
  }

  /** Whether a program has a quantised base's norms, embeddings and head made fp32. */
  static boolean prepares(TrainingFile file) {
    return Xtuner.isOne(file) || ProgramCheckpoints.preparing(file).isPresent();
  }

  /** Whether a program loads its model itself, and does not leave that to the trainer. */
  static boolean loads(TrainingFile file) {
    return file.form() == Form.PROGRAM && file.has("AutoModel");
  }

  /** Whether a program's trainer is given a model that something else has loaded. */
  static boolean loadsUnseen(TrainingFile file) {
    return file.form() == Form.PROGRAM
        && !file.has("AutoModel")
        && Stream.concat(
                Stream.of(Stage.of(file).classes().get(1)), Stream.of("Trainer", "Seq2SeqTrainer"))
            .flatMap(name -> file.node(name + ".model").or(() -> file.node(name + ".0")).stream())
            .flatMap(model -> Choice.text(model).filter(Programs::isObject).stream())
            .anyMatch(model -> !ModelArguments.isName(file, model));
  }

  /** Whether an argument is a model that the program has made, and no name of one. */
  static boolean isObject(String text) {
    return OBJECT.matcher(text).matches();
  }

  /** Whether any of them is on. */
  static boolean isOn(Map<String, Node> keys, String... names) {
    return Stream.of(names)
        .map(keys::get)
        .anyMatch(node -> node != null && Boolean.TRUE.equals(Choice.taken(node)));
  }

  /** Whether any other call may be handed the adapters: by the name of an argument or its value. */
  private static boolean isPassed(TrainingFile file) {
    boolean none =
        file.root().fields().values().stream()
            .filter(Node.Fields.class::isInstance)
            .map(call -> ((Node.Fields) call).fields().get(Adapters.OTHER))
            .anyMatch(given -> given != null && given.isNull());
    return file.root().fields().entrySet().stream()
        .filter(call -> !call.getKey().equals("LoraConfig"))
        .anyMatch(
            call ->
                ADAPTED.matcher(call.getKey()).find()
                        && !(none && MAKER.matcher(call.getKey()).find())
                    || call.getValue() instanceof Node.Fields arguments
                        && arguments.fields().entrySet().stream()
                            .anyMatch(
                                argument ->
                                    ADAPTED.matcher(argument.getKey()).find()
                                            && !argument.getValue().isNull()
                                        || ADAPTED
                                            .matcher(Choice.text(argument.getValue()).orElse(""))
                                            .find()));
  }

  private static void take(
      TrainingFile file, String call, Map<String, String> names, Map<String, Node> keys) {
    names.forEach(
        (argument, key) -> file.node(call + "." + argument).ifPresent(node -> keys.put(key, node)));
  }
}
