package dev.vramcast.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.vramcast.core.WithoutTests;
import dev.vramcast.core.input.ErrorTexts;

/** What this module stands on; the directions of the others are tested with the command line. */
@AnalyzeClasses(packages = "dev.vramcast", importOptions = WithoutTests.class)
class ModuleTest {

  private static final String SPARK = "dev.vramcast.spark..";

  @ArchTest
  void spark_stands_on_the_sweep_and_what_that_stands_on(JavaClasses all) {
    classes()
        .that()
        .resideInAPackage(SPARK)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            SPARK,
            "dev.vramcast.sweep..",
            "dev.vramcast.answers..",
            "dev.vramcast.catalog..",
            "dev.vramcast.formats..",
            "dev.vramcast.input..",
            "dev.vramcast.core..",
            "java..",
            "org.jspecify.annotations",
            "scala..",
            "org.apache.spark..",
            "org.apache.hadoop..")
        .check(all);
  }

  @ArchTest
  void an_error_is_read_by_its_parts(JavaClasses all) {
    ErrorTexts.check(all);
  }

  @ArchTest
  void nobody_else_knows_spark(JavaClasses all) {
    noClasses()
        .that()
        .resideOutsideOfPackage(SPARK)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SPARK, "org.apache.spark..", "org.apache.hadoop..", "scala..")
        .check(all);
  }
}
