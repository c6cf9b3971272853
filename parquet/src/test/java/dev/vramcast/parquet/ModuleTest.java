package dev.vramcast.parquet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.vramcast.core.WithoutTests;
import dev.vramcast.core.input.ErrorTexts;

/** What this module stands on; no other has it on its class path. */
@AnalyzeClasses(packages = "dev.vramcast.parquet", importOptions = WithoutTests.class)
class ModuleTest {

  @ArchTest
  void an_error_is_read_by_its_parts(JavaClasses all) {
    ErrorTexts.check(all);
  }

  @ArchTest
  void parquet_stands_on_the_sweep(JavaClasses all) {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.vramcast.parquet..",
            "dev.vramcast.core..",
            "dev.vramcast.sweep..",
            "java..",
            "org.jspecify.annotations",
            "org.duckdb..")
        .check(all);
  }
}
