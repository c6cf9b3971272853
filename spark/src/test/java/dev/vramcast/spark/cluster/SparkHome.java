package dev.vramcast.spark.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A folder laid out as Spark's distribution is: {@code jars/} has links to the artefacts that this
 * test's class path holds, without Vramcast's own and those whose classes are in the jar that is
 * submitted. So a cluster knows of Vramcast what it is handed and nothing else.
 */
public record SparkHome(Path folder) {

  private static final String OWN = "dev/vramcast/";
  private static final String HOST = "127.0.0.1";
  private static final String SCALA = "2.13";

  /** For processes that end before better code for what they run pays for itself. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  /**
   * Makes such a folder.
   *
   * @param submitted the jar that will be submitted
   */
  public static SparkHome create(Path folder, Path submitted) throws IOException {
    Path jars = Files.createDirectories(folder.resolve("jars"));
    Set<String> given = classes(submitted);
    Predicate<String> isOurs = name -> given.contains(name) || name.startsWith(OWN);
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(entry);
      if (entry.endsWith(".jar") && classes(jar).stream().noneMatch(isOurs)) {
        link(jars.resolve(jar.getFileName()), jar);
      }
    }
    return new SparkHome(folder);
  }

  /**
   * Runs {@code spark-submit}, with its driver in the same process.
   *
   * @param application its jar, the main class before it and the arguments behind it
   */
  public Jvm submit(Path log, String master, Map<String, String> conf, List<String> application) {
    List<String> arguments = new ArrayList<>();
    arguments.add("org.apache.spark.deploy.SparkSubmit");
    arguments.addAll(List.of("--master", master));
    arguments.addAll(List.of("--conf", "spark.driver.host=" + HOST));
    arguments.addAll(List.of("--conf", "spark.ui.enabled=false"));
    String executors = "spark.executor.extraJavaOptions=" + String.join(" ", SHORT_LIVED);
    arguments.addAll(List.of("--conf", executors));
    conf.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    arguments.addAll(application);
    return start(log, "512m", arguments);
  }

  /** Starts one of the processes that a cluster is made of. */
  Jvm daemon(Path log, String name, String... arguments) {
    List<String> all = new ArrayList<>(List.of("org.apache.spark.deploy." + name));
    all.addAll(List.of("--host", HOST, "--webui-port", "0"));
    all.addAll(List.of(arguments));
    return start(log, "256m", all);
  }

  /** As Spark's own scripts start its processes. */
  private Jvm start(Path log, String heap, List<String> arguments) {
    String jars = folder.resolve("jars") + File.separator + "*";
    List<String> all = new ArrayList<>(List.of("-cp", jars, "-Xmx" + heap));
    all.addAll(SHORT_LIVED);
    all.addAll(List.of(JavaModuleOptions.defaultModuleOptions().strip().split("\\s+")));
    all.addAll(arguments);
    Map<String, String> environment =
        Map.of(
            "SPARK_LOCAL_IP", HOST,
            "SPARK_HOME", folder.toString(),
            "SPARK_SCALA_VERSION", SCALA);
    return Jvm.start(log, environment, all);
  }

  private static void link(Path link, Path jar) throws IOException {
    try {
      Files.createSymbolicLink(link, jar);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isSameFile(link, jar)) {
        throw e;
      }
    }
  }

  private static Set<String> classes(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Set<String> names = new HashSet<>();
      file.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .forEach(names::add);
      return names;
    }
  }
}
