package dev.slipway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.slipway.Program;
import dev.slipway.testing.EfGolden;
import dev.slipway.testing.Folder;
import dev.slipway.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The pipelines of `docker/` and docs/pipelines.md: valid for those who read them, and their
/// commands do what they are for.
@Tag("slow")
@Claims({
  "docker/aspire/migrations/Dockerfile",
  "docker/github/migrations.yml",
  "docker/gitlab/.gitlab-ci.yml",
  "docker/gitlab/Dockerfile"
})
final class PipelineExamplesTest {
  private static final Path GITHUB = Path.of("docker/github/migrations.yml");
  private static final Path GITLAB = Path.of("docker/gitlab/.gitlab-ci.yml");
  private static final Path SCHEMAS = Path.of("src/test/resources/dev/slipway/examples");
  private static final List<String> IDS =
      List.of("20240105090000_CreateOrders", "20240212101500_AddTotal");
  private static final String SECRET = "s3cret of production";

  @TempDir private Path temporary;
  private Path checkout = Path.of("");

  @BeforeEach
  void check_out() throws IOException {
    checkout = Files.createDirectory(temporary.resolve("checkout"));
    new Folder(checkout)
        .write("changelog/" + IDS.getFirst() + ".sql", "CREATE TABLE orders (id bigint);\n")
        .write("changelog/" + IDS.getLast() + ".sql", "ALTER TABLE orders ADD total numeric;\n");
  }

  @Test
  void github_reads_its_workflow() throws IOException {
    assertThat(findings(githubSchema(), Files.readString(GITHUB))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "runs-on, run-on",
    "contents: read, contents: reads",
    "'paths: [changelog/**]', 'path: [changelog/**]'",
    "job.services.database, matrics.services.database",
    "jobs:, job:",
    "timeout-minutes: 30, timeout-minutes: soon"
  })
  void github_would_not_read_another(String written, String mistaken) throws IOException {
    String text = Files.readString(GITHUB);

    assertThat(text).contains(written);
    assertThat(findings(githubSchema(), text.replace(written, mistaken))).isNotEmpty();
  }

  @Test
  void gitlab_reads_its_pipeline() throws IOException {
    assertThat(findings(gitlabSchema(), Files.readString(GITLAB))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "interruptible: false, interruptible: seldom",
    "when: always, when: sometimes",
    "expose_as, exposed_as",
    "alias:, named:",
    "script:, scripts:"
  })
  void gitlab_would_not_read_another(String written, String mistaken) throws IOException {
    String text = Files.readString(GITLAB);

    assertThat(text).contains(written);
    assertThat(findings(gitlabSchema(), text.replace(written, mistaken))).isNotEmpty();
  }

  private static JsonSchema githubSchema() throws IOException {
    return schema(WorkflowSchema.read(SCHEMAS.resolve("github-workflow.json")));
  }

  private static JsonSchema gitlabSchema() throws IOException {
    return schema(new ObjectMapper().readTree(SCHEMAS.resolve("gitlab-ci.json").toFile()));
  }

  private static JsonSchema schema(JsonNode schema) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
  }

  private static Set<ValidationMessage> findings(JsonSchema schema, String yaml)
      throws IOException {
    return schema.validate(new YAMLMapper().readTree(yaml));
  }

  @Test
  void a_workflow_may_only_read_and_names_actions_by_their_major_version() throws IOException {
    Workflow workflow = Workflow.read(GITHUB, Map.of());

    assertThat(workflow.root().get("permissions").properties())
        .allSatisfy(permission -> assertThat(permission.getValue().asText()).isEqualTo("read"));
    assertThat(
            workflow.root().get("jobs").findValuesAsText("uses").stream()
                .map(action -> action.replaceFirst(".*@", "")))
        .isNotEmpty()
        .allSatisfy(version -> assertThat(version).matches("v\\d+"));
  }

  @Test
  @Tag("image")
  void a_pull_request_gets_its_script_and_is_tried_in_the_database_beside_the_job()
      throws Exception {
    try (var server = new JobServer()) {
      Workflow workflow =
          Workflow.read(
              GITHUB,
              Map.of("job.services.database.ports['5432']", Integer.toString(server.port())));
      server.create(workflow.job("review").at("/services/database/env"));

      List<Program.Result> results =
          allDone(workflow.run("review", Shell.ofGitHub(checkout), image()));

      assertThat(results).hasSize(2);
      assertTriedTwice(results.getLast().out());
      assertThat(server.history("shop")).isEqualTo(IDS);
      List<String> kept =
          StreamSupport.stream(workflow.job("review").get("steps").spliterator(), false)
              .filter(step -> step.path("uses").asText().startsWith("actions/upload-artifact@"))
              .map(step -> step.at("/with/path").asText())
              .toList();
      assertThat(kept).hasSize(1);
      assertThat(checkout.resolve(kept.getFirst())).content().contains(IDS);
    }
  }

  @Test
  @Tag("image")
  void what_reaches_main_is_applied_with_the_secret_of_the_environment() throws Exception {
    try (var server = new JobServer().create("shop", SECRET, "shop")) {
      Workflow workflow =
          Workflow.read(GITHUB, Map.of("secrets.SHOP_CONNECTION_STRING", connectionString(server)));

      List<Program.Result> results =
          allDone(workflow.run("migrate", Shell.ofGitHub(checkout), image()));

      assertThat(results.toString()).doesNotContain(SECRET).contains("applied  " + IDS.getLast());
      assertThat(server.history("shop")).isEqualTo(IDS);
    }
  }

  @Test
  @Tag("image")
  void a_pull_request_with_a_mistake_fails_before_anything_is_migrated() throws Exception {
    new Folder(checkout).write("changelog/20240301000000_Wrong.sql", "ALTER TABLE none ADD x int;");
    try (var server = new JobServer()) {
      Workflow workflow =
          Workflow.read(
              GITHUB,
              Map.of("job.services.database.ports['5432']", Integer.toString(server.port())));
      server.create(workflow.job("review").at("/services/database/env"));

      Program.Result result = workflow.run("review", Shell.ofGitHub(checkout), image()).getLast();

      assertThat(result.code()).as(result.toString()).isEqualTo(1);
      assertThat(result.out()).contains("fails").doesNotContain("applied ");
    }
  }

  /// The image of this checkout in place of the one that a team would name.
  private static Map<String, String> image() throws IOException {
    return Map.of("IMAGE", imageId());
  }

  private static String imageId() throws IOException {
    return Files.readString(Path.of("target/image/slipway.id")).strip();
  }

  @Test
  void a_merge_request_gets_its_script_and_is_tried_in_the_database_beside_the_job()
      throws Exception {
    reviewInGitLab(program());
  }

  @Test
  @Tag("image")
  void the_archive_for_hosts_does_the_same_as_the_dockerfile_unpacks_it() throws Exception {
    reviewInGitLab(unpackedArchive());
  }

  private void reviewInGitLab(Path programs) throws IOException, InterruptedException {
    try (var server = new JobServer()) {
      JsonNode job = gitlabJob("review");
      server.create(job.get("variables"));

      Program.Result result = runInGitLab(job, server, programs);

      assertDone(result);
      assertTriedTwice(result.out());
      assertThat(server.history("shop")).isEqualTo(IDS);
      String kept = job.at("/artifacts/paths/0").asText();
      assertThat(checkout.resolve(kept)).content().contains(IDS);
    }
  }

  @Test
  void a_merge_request_with_a_mistake_fails_and_its_script_is_kept() throws Exception {
    new Folder(checkout).write("changelog/20240301000000_Wrong.sql", "ALTER TABLE none ADD x int;");
    try (var server = new JobServer()) {
      JsonNode job = gitlabJob("review");
      server.create(job.get("variables"));

      Program.Result result = runInGitLab(job, server, program());

      assertThat(result.code()).as(result.toString()).isEqualTo(1);
      assertThat(result.out()).contains("fails").doesNotContain("applied ");
      assertThat(checkout.resolve("shop.sql")).exists();
    }
  }

  @Test
  void what_reaches_the_default_branch_is_applied_with_the_variable_of_the_project()
      throws Exception {
    try (var server = new JobServer().create("shop", SECRET, "shop")) {
      Program.Result result =
          Shell.ofGitLab(checkout, program())
              .run(
                  lines(gitlabJob("migrate").get("script")),
                  Map.of("ConnectionStrings__Shop", connectionString(server)));

      assertDone(result);
      assertThat(result.toString()).doesNotContain(SECRET).contains("applied  " + IDS.getLast());
      assertThat(server.history("shop")).isEqualTo(IDS);
    }
  }

  private static JsonNode gitlabJob(String name) throws IOException {
    return new YAMLMapper().readTree(GITLAB.toFile()).get(name);
  }

  /// In one shell, where the service's alias is the server.
  private Program.Result runInGitLab(JsonNode job, JobServer server, Path programs)
      throws IOException, InterruptedException {
    String alias = "Host=" + job.at("/services/0/alias").asText() + ";";
    Map<String, String> variables = new TreeMap<>();
    job.get("variables")
        .properties()
        .forEach(
            variable ->
                variables.put(
                    variable.getKey(),
                    variable
                        .getValue()
                        .asText()
                        .replace(alias, "Host=127.0.0.1;Port=%d;".formatted(server.port()))));
    return Shell.ofGitLab(checkout, programs).run(lines(job.get("script")), variables);
  }

  private static String lines(JsonNode script) {
    return StreamSupport.stream(script.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining("\n"));
  }

  /// A folder with `slipway`, which runs the classes under test.
  private Path program() {
    return executable(Program.shellCommand());
  }

  private Path executable(String command) {
    new Folder(temporary).program("programs/slipway", command);
    return temporary.resolve("programs");
  }

  /// A folder with `slipway`, where the Dockerfile's instructions have been carried out.
  private Path unpackedArchive() throws IOException {
    String dockerfile = Files.readString(Path.of("docker/gitlab/Dockerfile"));
    Path root = Files.createDirectories(temporary.resolve("root"));
    Path programs = Files.createDirectories(root.resolve("usr/local/bin"));
    String unpack =
        found("(?m)^ADD (\\S+) /(\\S+)/$", dockerfile)
            .map(
                add ->
                    "mkdir -p %2$s && tar -xzf %1$s -C %2$s"
                        .formatted(
                            Path.of("target/image").toAbsolutePath() + "/" + add.get(1),
                            add.get(2)))
            .collect(Collectors.joining("\n"));
    String commands =
        found("(?m)^RUN (.*)$", dockerfile)
            .map(run -> run.get(1).replaceAll("(?<= )/", root + "/"))
            .collect(Collectors.joining("\n"));
    Tool.run("bash", "-ec", "cd '%s'\n%s\n%s".formatted(root, unpack, commands));
    return programs;
  }

  /// The groups of each place where the pattern is found; the first is all of it.
  private static Stream<List<String>> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(
            result -> {
              List<String> groups = new ArrayList<>();
              for (int i = 0; i <= result.groupCount(); i++) {
                groups.add(result.group(i));
              }
              return groups;
            });
  }

  @Test
  @Tag("image")
  void aspires_published_script_becomes_an_image_that_brings_the_database_to_the_release()
      throws Exception {
    EfGolden golden = new EfGolden("bookshop", "ef10");
    Path apphost = Files.createDirectory(temporary.resolve("apphost"));
    String built = "slipway-test-aspire:" + ProcessHandle.current().pid();
    new Folder(apphost)
        .write("release/efmigrations/shop-ef.sql", golden.text("idempotent"))
        .write(
            "migrations/Dockerfile",
            Files.readString(Path.of("docker/aspire/migrations/Dockerfile"))
                .replace("FROM slipway\n", "FROM " + imageId() + "\n"));

    try (var server = new JobServer().createRole("aspire", SECRET)) {
      assertDone(
          Shell.ofGitHub(apphost)
              .run(
                  publishedCommands().replace("-t shop-migrations ", "-t " + built + " "),
                  Map.of()));
      String slipway =
          "docker run --rm --network host %s -e ConnectionStrings__%s %s"
              .formatted(environmentOfAspire(), databaseOfAspire(), built);
      Map<String, String> variables =
          Map.of(
              "ConnectionStrings__" + databaseOfAspire(),
              "Host=127.0.0.1;Port=%d;Username=aspire;Password=%s;Database=shop"
                  .formatted(server.port(), SECRET));

      assertDone(Shell.ofGitHub(apphost).run(slipway, variables));
      assertDone(Shell.ofGitHub(apphost).run(slipway + " wait", variables));

      assertThat(server.history("shop")).isEqualTo(golden.ids());
    } finally {
      Tool.run("docker", "image", "rm", "--force", built);
    }
  }

  /// Those of docs/pipelines.md behind `aspire publish`.
  private static String publishedCommands() throws IOException {
    String guide = Files.readString(Path.of("docs/pipelines.md"));
    return found("(?s)```sh\naspire publish -o release\n(.*?)```", guide)
        .map(block -> block.get(1))
        .findFirst()
        .orElseThrow();
  }

  private static String databaseOfAspire() throws IOException {
    return AppHost.one("\\.AddDatabase\\(\"(\\w+)\"\\)");
  }

  /// As options of docker.
  private static String environmentOfAspire() throws IOException {
    return found("\\.WithEnvironment\\(\"(\\w+)\", \"(\\w+)\"\\)", AppHost.text())
        .map(variable -> "-e %s=%s".formatted(variable.get(1), variable.get(2)))
        .collect(Collectors.joining(" "));
  }

  private static String connectionString(JobServer server) {
    return "Host=127.0.0.1;Port=%d;Database=shop;Username=shop;Password=%s"
        .formatted(server.port(), SECRET);
  }

  private static void assertTriedTwice(String out) {
    assertThat(out)
        .containsOnlyOnce("applied  " + IDS.getFirst())
        .containsOnlyOnce("applied  " + IDS.getLast());
    assertThat(out.lines().filter(line -> line.startsWith("Shop: ")).toList())
        .last()
        .asString()
        .startsWith("Shop: nothing to do, up-to-date");
  }

  private static List<Program.Result> allDone(List<Program.Result> results) {
    results.forEach(PipelineExamplesTest::assertDone);
    return results;
  }

  private static void assertDone(Program.Result result) {
    assertThat(result.code()).as(result.toString()).isZero();
  }
}
