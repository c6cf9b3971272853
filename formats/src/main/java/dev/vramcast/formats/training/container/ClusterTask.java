package dev.vramcast.formats.training.container;

import dev.vramcast.formats.shell.PlacedScript;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that hand a command to a cluster: SkyPilot's and dstack's tasks, jobs of Ray and of
 * Kubernetes. What they run is read as a script.
 */
public final class ClusterTask {

  /** The machines' GPUs, by names that no shell variable can have. */
  private static final String GPUS = "nvidia.com/gpu";

  private static final List<String> GPU_RESOURCES = List.of(GPUS, "amd.com/gpu");

  /** In the place of a section that is not there. */
  private static final Node NOTHING = new Node.Items(List.of(), Mark.NONE);

  private static final Pattern COUNTED = Pattern.compile("[\\w .-]{1,60}:(\\d{1,4})");

  private final TextRows rows;
  private final Map<String, Word> variables = new LinkedHashMap<>();
  private final PlacedScript script = new PlacedScript();

  private ClusterTask(String text) {
    this.rows = new TextRows(text);
  }

  /** Whether a file hands a command to a cluster. */
  static boolean isOne(Node.Fields root) {
    return isManifest(root) || isSkyPilot(root) || isDstack(root) || isRay(root);
  }

  /** What a task runs. */
  static CarriedScript script(Node.Fields root, String text) {
    ClusterTask task = new ClusterTask(text);
    if (isManifest(root)) {
      task.kubernetes(root);
    } else if (isSkyPilot(root)) {
      task.skyPilot(root);
    } else if (isDstack(root)) {
      task.dstack(root);
    } else {
      task.environment(root.at("runtime_env.env_vars"));
      task.run(root.at("entrypoint"));
    }
    return CarriedScript.exporting(task.script, task.variables);
  }

  /** A manifest of Kubernetes may hold several documents; lines keep their numbers. */
  public static List<String> documents(String text) {
    if (!text.contains("apiVersion:") || !text.contains("\n---")) {
      return List.of(text);
    }
    List<String> documents = new ArrayList<>();
    StringBuilder document = new StringBuilder();
    int line = 0;
    for (String row : text.split("\n", -1)) {
      line++;
      if (row.startsWith("---")) {
        documents.add(document.toString());
        document = new StringBuilder("\n".repeat(line));
      } else {
        document.append(row).append('\n');
      }
    }
    documents.add(document.toString());
    return documents.stream().filter(each -> !each.isBlank()).toList();
  }

  private static boolean isManifest(Node.Fields root) {
    return has(root, "apiVersion") && has(root, "kind");
  }

  private static boolean isSkyPilot(Node.Fields root) {
    return has(root, "run") && (has(root, "resources") || has(root, "num_nodes"));
  }

  private static boolean isDstack(Node.Fields root) {
    return has(root, "type") && root.fields().get("commands") instanceof Node.Items;
  }

  private static boolean isRay(Node.Fields root) {
    return has(root, "entrypoint") && (has(root, "runtime_env") || has(root, "name"));
  }

  /** {@code accelerators} and {@code num_nodes} of sky/utils/schemas.py. */
  private void skyPilot(Node.Fields root) {
    environment(root.at("envs"));
    root.at("resources.accelerators").flatMap(ClusterTask::counted).ifPresent(this::gpus);
    root.at("num_nodes").ifPresent(nodes -> put("SKYPILOT_NUM_NODES", nodes));
    run(root.at("run"));
  }

  /** dstack's TaskConfiguration. */
  private void dstack(Node.Fields root) {
    environment(root.at("env"));
    Optional<Node> gpu = root.at("resources.gpu");
    gpu.flatMap(all -> all instanceof Node.Fields some ? some.at("count") : counted(all))
        .ifPresent(this::gpus);
    root.at("nodes").ifPresent(nodes -> put("DSTACK_NODES_NUM", nodes));
    items(root.at("commands")).forEach(command -> run(Optional.of(command)));
  }

  private void kubernetes(Node.Fields root) {
    root.at("spec.entrypoint").ifPresent(command -> run(Optional.of(command)));
    if (root.at("spec.trainer").orElse(NOTHING) instanceof Node.Fields trainer) {
      trainer.at("numProcPerNode").ifPresent(count -> put("PET_NPROC_PER_NODE", count));
      trainer.at("numNodes").ifPresent(nodes -> put("PET_NNODES", nodes));
    }
    root.at("spec.nprocPerNode").ifPresent(count -> put("PET_NPROC_PER_NODE", count));
    replicas(root);
    containers(root);
  }

  /** Machines of a PyTorchJob, or of a Job whose pods know their places. */
  private void replicas(Node.Fields root) {
    int machines = 0;
    if (root.at("spec.pytorchReplicaSpecs").orElse(NOTHING) instanceof Node.Fields specs) {
      for (Node spec : specs.fields().values()) {
        machines +=
            spec instanceof Node.Fields fields
                ? fields.at("replicas").map(ClusterTask::whole).orElse(1)
                : 0;
      }
    }
    boolean indexed =
        root.at("spec.completionMode").filter(mode -> "Indexed".equals(mode.value())).isPresent();
    Optional<Node> pods = indexed ? root.at("spec.parallelism") : Optional.empty();
    machines = pods.isPresent() ? whole(pods.get()) : machines;
    if (machines > 1) {
      set("PET_NNODES", String.valueOf(machines), root.mark());
    }
  }

  private static int whole(Node node) {
    String digits = String.valueOf(node.value());
    return digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 1;
  }

  /** Everything that has an image and a command, or arguments for the image's own. */
  private void containers(Node node) {
    if (node instanceof Node.Items items) {
      items.items().forEach(this::containers);
    } else if (node instanceof Node.Fields fields) {
      if (has(fields, "command") || has(fields, "args")) {
        container(fields);
      } else {
        fields.fields().values().forEach(this::containers);
      }
    }
  }

  private void container(Node.Fields container) {
    environment(container.at("env"));
    for (String resources : List.of("resources", "resourcesPerNode")) {
      for (String kind : List.of(".requests", ".limits")) {
        if (container.at(resources + kind).orElse(NOTHING) instanceof Node.Fields limits) {
          GPU_RESOURCES.stream()
              .flatMap(name -> limits.at(name).stream())
              .findFirst()
              .ifPresent(this::gpus);
        }
      }
    }
    List<Node> words = new ArrayList<>(items(container.at("command")));
    words.addAll(items(container.at("args")));
    boolean shell =
        words.size() > 2
            && String.valueOf(words.get(0).value()).matches("(/\\S*/)?(ba|z|da)?sh")
            && String.valueOf(words.get(1).value()).matches("-\\w*c");
    if (shell) {
      run(Optional.of(words.get(2)));
    } else {
      words.forEach(this::word);
      script.end();
    }
  }

  private static List<Node> items(Optional<Node> node) {
    return node.map(all -> all instanceof Node.Items items ? items.items() : List.of(all))
        .orElse(List.of());
  }

  private void word(Node word) {
    String text = String.valueOf(word.value());
    script.word(rows.first(word), text, quoted(text), rows.all());
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:=@%+,$(){}-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** A map, a list of {@code NAME=value}, or a list of names with values. */
  private void environment(Optional<Node> node) {
    if (node.orElse(null) instanceof Node.Fields fields) {
      fields.fields().forEach(this::put);
    }
    for (Node item : node.isPresent() ? items(node) : List.<Node>of()) {
      if (item instanceof Node.Fields named) {
        Optional<Node> value = named.at("value");
        named
            .at("name")
            .filter(name -> name.value() != null && value.isPresent())
            .ifPresent(name -> put(String.valueOf(name.value()), value.orElseThrow()));
      } else if (item.value() instanceof String line && line.indexOf('=') > 0) {
        int equals = line.indexOf('=');
        set(line.substring(0, equals), line.substring(equals + 1), item.mark());
      }
    }
  }

  private void put(String name, Node value) {
    if (value instanceof Node.Scalar && value.value() != null) {
      set(name, String.valueOf(value.value()), value.mark());
    }
  }

  private void set(String name, String value, Mark mark) {
    variables.put(name, new Word(value, PlacedScript.ofFile(mark)));
  }

  /** GPUs of a machine, which SkyPilot and dstack say in variables too. */
  private void gpus(Node count) {
    put(GPUS, count);
    put("SKYPILOT_NUM_GPUS_PER_NODE", count);
    put("DSTACK_GPUS_PER_NODE", count);
  }

  /** {@code H100:8}, {@code {H100: 8}}, and one where a card is named alone. */
  private static Optional<Node> counted(Node accelerators) {
    if (accelerators instanceof Node.Fields fields) {
      return fields.fields().values().stream().findFirst();
    }
    if (!(accelerators instanceof Node.Scalar) || accelerators.value() == null) {
      return Optional.empty();
    }
    Matcher counted = COUNTED.matcher(String.valueOf(accelerators.value()));
    String count = counted.matches() ? counted.group(1) : "1";
    return Optional.of(new Node.Scalar(count, accelerators.mark()));
  }

  private void run(Optional<Node> command) {
    command
        .filter(node -> node.value() instanceof String)
        .ifPresent(
            node -> script.lines(rows.first(node), String.valueOf(node.value()), rows.all()));
  }

  private static boolean has(Node.Fields root, String key) {
    return root.fields().containsKey(key);
  }
}
