package dev.vramcast.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

class SubmittedJarIT {

  /** Where classes may come from: nothing that Spark has too, in whatever version. */
  private static final String OURS =
      "(META-INF/versions/\\d+/)?(dev/vramcast|tools/jackson|org/snakeyaml)/.*";

  @Test
  void the_jar_has_no_class_that_a_cluster_could_have_another_version_of() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("vramcast.spark.jar"))) {
      List<String> classes =
          jar.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class")).toList();

      assertThat(classes)
          .contains("dev/vramcast/spark/SweepJob.class")
          .allMatch(name -> name.matches(OURS));
    }
  }
}
