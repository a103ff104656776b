package dev.slipway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import dev.slipway.examples.PodFailurePolicy.Action;
import dev.slipway.examples.PodFailurePolicy.FailedPod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The examples for Kubernetes, Helm and Argo CD, against what Kubernetes accepts and against what
/// docs/kubernetes.md says of them.
@Claims({
  "docker/argocd/job.yaml",
  "docker/helm/Chart.yaml",
  "docker/helm/templates/_confined.tpl",
  "docker/helm/templates/deployment.yaml",
  "docker/helm/templates/migrations.yaml",
  "docker/helm/values.yaml",
  "docker/kubernetes/deployment.yaml",
  "docker/kubernetes/job.yaml"
})
final class KubernetesExamplesTest {
  private static final Path DOCKER = Path.of("docker");
  private static final Path JOB = DOCKER.resolve("kubernetes/job.yaml");
  private static final Path DEPLOYMENT = DOCKER.resolve("kubernetes/deployment.yaml");
  private static final Path ARGO = DOCKER.resolve("argocd/job.yaml");
  private static final HelmChart CHART = new HelmChart(DOCKER.resolve("helm"));
  private static final Map<String, Object> BUNDLED = Map.of("bundledDatabase", "true");

  private static final String IMAGE = "registry.example.org/shop-migrations:1.4.0";
  private static final Pattern CLIENT =
      Pattern.compile("<kubernetes-client.version>(.*?)</kubernetes-client.version>");
  private static final Pattern EXIT_CODE = Pattern.compile("(?m)^\\| (\\d+) \\| ");

  @TempDir private static Path work;

  private static HelmChart.Rendered render(Map<String, Object> values) {
    try {
      return CHART.render(values, Files.createTempDirectory(work, "chart"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Each document that a person would give to Kubernetes.
  private static Stream<Manifest> documents() {
    return Stream.of(
            Manifest.in(JOB),
            Manifest.in(DEPLOYMENT),
            Manifest.in(ARGO),
            render(Map.of()).documents(),
            render(BUNDLED).documents())
        .flatMap(List::stream);
  }

  private static Stream<Manifest> jobs() {
    return documents().filter(document -> document.type().equals("batch/v1 Job"));
  }

  @Test
  void every_example_is_among_those_that_are_validated() throws IOException {
    Set<String> validated = new TreeSet<>();
    Stream.of(JOB, DEPLOYMENT, ARGO).forEach(file -> validated.add(file.toString()));
    Stream.of("Chart.yaml", "values.yaml", "templates/_confined.tpl")
        .forEach(file -> validated.add(CHART.folder().resolve(file).toString()));
    render(Map.of())
        .sources()
        .forEach(file -> validated.add(CHART.folder().resolve(file).toString()));

    Set<String> files = new TreeSet<>();
    for (String folder : List.of("kubernetes", "argocd", "helm")) {
      try (Stream<Path> tree = Files.walk(DOCKER.resolve(folder))) {
        tree.filter(Files::isRegularFile).forEach(file -> files.add(file.toString()));
      }
    }

    assertThat(files).isEqualTo(validated);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void kubernetes_accepts_each_document(Manifest document) {
    assertThat(KubernetesApi.problems(document)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          backoffLimit: 4          | backoffLimits: 4           | backoffLimits
          backoffLimit: 4          | backoffLimit: four         | four
          backoffLimit: 4          | backoffLimit: "4"          | is understood as
          runAsNonRoot: true       | runAsNonroot: true         | runAsNonroot
          runAsNonRoot: true       | runAsNonRoot: "true"       | is understood as
          seccompProfile: {        | seccompProfiles: {         | seccompProfiles
          action: Ignore           | actions: Ignore            | actions
          - type: DisruptionTarget | - status: "True"           | type
          name: secrets, mountPath | name: secret, mountPath    | no volume secret
          containerName: slipway   | containerName: migrations  | no container
          [2, 3, 6, 7, 8, 70]      | [3, 2, 6, 7, 8, 70]        | in order
          [2, 3, 6, 7, 8, 70]      | [0, 2, 3, 6, 7, 8, 70]     | 0 is no exit code
          restartPolicy: Never     | restartPolicy: OnFailure   | restartPolicy Never
          generateName             | generatedName              | generatedName
          batch/v1                 | batch/v1beta1              | batch/v1beta1 Job
          """)
  void what_kubernetes_refuses_is_found(String right, String wrong, String problem)
      throws IOException {
    String text = Files.readString(JOB);
    assertThat(text).contains(right);

    List<Manifest> broken = Manifest.in("broken", text.replace(right, wrong));

    assertThat(KubernetesApi.problems(broken.getFirst()).toString()).contains(problem);
  }

  @Test
  void a_deployment_that_selects_other_pods_is_found() throws IOException {
    String broken =
        Files.readString(DEPLOYMENT)
            .replace(
                "matchLabels: { app.kubernetes.io/name: shop }",
                "matchLabels: { app.kubernetes.io/name: store }");

    assertThat(KubernetesApi.problems(Manifest.in("broken", broken).getFirst()))
        .containsExactly("its pods are not those that it selects: app.kubernetes.io/name");
  }

  @ParameterizedTest
  @CsvSource({
    "1, COUNT", // The JVM itself could not start; migrate never ends with it.
    "2, FAIL_JOB",
    "3, FAIL_JOB",
    "4, COUNT",
    "5, COUNT",
    "6, FAIL_JOB",
    "7, FAIL_JOB",
    "8, FAIL_JOB",
    "70, FAIL_JOB",
    "130, COUNT",
    "137, COUNT", // SIGKILL, as where a container needs more memory than it may have.
    "143, COUNT"
  })
  void a_job_is_tried_again_where_that_helps(int exitCode, Action action) {
    assertThat(jobs().map(job -> PodFailurePolicy.of(job).actionFor(exitCode)))
        .hasSize(4)
        .containsOnly(action);
  }

  @ParameterizedTest
  @CsvSource({"143, IGNORE", "137, IGNORE", "4, IGNORE", "7, FAIL_JOB", "8, FAIL_JOB"})
  void a_disruption_costs_no_try_and_hides_no_failure(int exitCode, Action action) {
    assertThat(jobs().map(job -> PodFailurePolicy.of(job).actionForDisrupted(exitCode)))
        .hasSize(4)
        .containsOnly(action);
  }

  /// So that a new code is thought of here, and in the examples.
  @Test
  void every_exit_code_of_the_readme_is_in_the_table_above() throws Exception {
    CsvSource table =
        getClass()
            .getDeclaredMethod("a_job_is_tried_again_where_that_helps", int.class, Action.class)
            .getAnnotation(CsvSource.class);
    Set<String> decided =
        Stream.of(table.value())
            .map(row -> row.substring(0, row.indexOf(',')))
            .collect(Collectors.toSet());

    assertThat(EXIT_CODE.matcher(Files.readString(Path.of("README.md"))).results())
        .extracting(row -> row.group(1))
        .hasSizeGreaterThan(10)
        .allMatch(code -> code.equals("0") || decided.contains(code));
  }

  @ParameterizedTest
  @CsvSource({
    // The first rule that matches decides.
    "'In [1] FailJob; In [1] Ignore', 1, FAIL_JOB",
    "'In [1] Ignore; In [1, 2] FailJob', 2, FAIL_JOB",
    "'In [1] Ignore; In [1, 2] FailJob', 3, COUNT",
    "'NotIn [1, 2] FailJob', 1, COUNT",
    "'NotIn [1, 2] FailJob', 3, FAIL_JOB",
    "'NotIn [1, 2] FailJob', 0, COUNT",
    "'In [1] Count; NotIn [2] FailJob', 1, COUNT"
  })
  void rules_are_evaluated_as_kubernetes_does(String rules, int exitCode, Action action) {
    assertThat(policy(rules).actionFor(exitCode)).isEqualTo(action);
  }

  private static PodFailurePolicy policy(String rules) {
    String yaml =
        Stream.of(rules.split("; "))
            .map(
                rule ->
                    rule.replaceAll(
                        "(\\w+) (\\[.*]) (\\w+)",
                        "{ action: $3, onExitCodes: { operator: $1, values: $2 } }"))
            .collect(Collectors.joining(", ", "spec: { podFailurePolicy: { rules: [ ", " ] } }\n"));
    return PodFailurePolicy.of(Manifest.in("rules", yaml).getFirst());
  }

  @Test
  void a_rule_with_a_container_is_about_that_one_only() {
    PodFailurePolicy policy = PodFailurePolicy.of(JOB);

    assertThat(policy.actionFor(new FailedPod(Map.of("slipway", 4, "proxy", 7), Map.of())))
        .isEqualTo(Action.COUNT);
    assertThat(policy.actionFor(new FailedPod(Map.of("slipway", 7, "proxy", 0), Map.of())))
        .isEqualTo(Action.FAIL_JOB);
  }

  @Test
  void a_condition_counts_by_its_status() {
    PodFailurePolicy policy = PodFailurePolicy.of(JOB);
    String type = PodFailurePolicy.DISRUPTION_TARGET;

    assertThat(policy.actionFor(new FailedPod(Map.of("slipway", 143), Map.of(type, "False"))))
        .isEqualTo(Action.COUNT);
    assertThat(policy.actionFor(new FailedPod(Map.of(), Map.of(type, "True"))))
        .isEqualTo(Action.IGNORE);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void each_pod_has_no_right_that_it_does_not_need(Manifest document) {
    Manifest pod = document.pod();

    assertThat(pod.text("automountServiceAccountToken")).isEqualTo("false");
    assertThat(pod.text("enableServiceLinks")).isEqualTo("false");
    assertThat(pod.text("securityContext", "runAsNonRoot")).isEqualTo("true");
    assertThat(pod.number("securityContext", "runAsUser")).isEqualTo(65532);
    assertThat(pod.text("securityContext", "seccompProfile", "type")).isEqualTo("RuntimeDefault");
    assertThat(document.containers())
        .isNotEmpty()
        .allSatisfy(
            container -> {
              Manifest context = container.get("securityContext");
              assertThat(context.text("allowPrivilegeEscalation")).isEqualTo("false");
              assertThat(context.text("readOnlyRootFilesystem")).isEqualTo("true");
              assertThat(context.texts("capabilities", "drop")).containsExactly("ALL");
              assertThat(container.text("resources", "limits", "memory"))
                  .isEqualTo(container.text("resources", "requests", "memory"));
            });
  }

  /// A file of the group, which is the process's own by `fsGroup`.
  @ParameterizedTest
  @MethodSource("documents")
  void the_connection_string_is_a_file_of_a_secret(Manifest document) {
    assertThat(document.pod().number("securityContext", "fsGroup")).isEqualTo(65532);
    assertThat(document.pod().list("volumes"))
        .singleElement()
        .satisfies(volume -> assertThat(volume.number("secret", "defaultMode")).isEqualTo(0440));
    Manifest slipway =
        document
            .containers()
            .filter(it -> it.text("image").equals(IMAGE))
            .findFirst()
            .orElseThrow();
    assertThat(setting(slipway, "Slipway__SecretsPath"))
        .isEqualTo(slipway.list("volumeMounts").getFirst().text("mountPath"));
  }

  private static String setting(Manifest container, String name) {
    return container.list("env").stream()
        .filter(variable -> variable.text("name").equals(name))
        .findFirst()
        .orElseThrow()
        .text("value");
  }

  @ParameterizedTest
  @MethodSource("documents")
  void each_setting_is_one_of_the_readme(Manifest document) throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    assertThat(
            document
                .containers()
                .flatMap(container -> container.list("env").stream())
                .map(variable -> variable.text("name"))
                .filter(name -> name.startsWith("Slipway__")))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(readme).contains("\n| `" + name + "` | "));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void a_job_ends(Manifest job) {
    assertThat(job.number("spec", "backoffLimit")).isEqualTo(4);
    assertThat(job.number("spec", "activeDeadlineSeconds")).isEqualTo(3600);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kubernetes/job.yaml",
        "kubernetes/deployment.yaml",
        "argocd/job.yaml",
        "helm/values.yaml"
      })
  void the_image_is_replaced_in_one_place(String file) throws IOException {
    assertThat(Files.readString(DOCKER.resolve(file))).containsOnlyOnce("image: " + IMAGE);
  }

  @Test
  void replicas_wait_in_an_init_container() {
    Manifest deployment = Manifest.in(DEPLOYMENT).getFirst();

    assertThat(deployment.number("spec", "replicas")).isEqualTo(10);
    assertThat(deployment.pod().list("initContainers"))
        .singleElement()
        .satisfies(
            init -> {
              assertThat(init.texts("args")).containsExactly("wait");
              assertThat(setting(init, "Slipway__Timeout")).isEqualTo("10min");
            });
  }

  @Test
  void argo_cd_runs_the_job_before_the_sync_and_finds_it_behind() {
    Manifest job = Manifest.in(ARGO).getFirst();

    assertThat(job.text("metadata", "annotations", "argocd.argoproj.io/hook")).isEqualTo("PreSync");
    assertThat(job.text("metadata", "annotations", "argocd.argoproj.io/hook-delete-policy"))
        .isEqualTo("BeforeHookCreation");
    assertThat(job.find("metadata", "name")).isPresent();
    assertThat(job.find("spec", "ttlSecondsAfterFinished")).isEmpty();
  }

  @Test
  void an_outside_database_is_migrated_by_a_hook() {
    Manifest job = job(render(Map.of()));

    assertThat(job.text("metadata", "annotations", "helm.sh/hook"))
        .isEqualTo("pre-install,pre-upgrade");
    assertThat(job.text("metadata", "annotations", "helm.sh/hook-delete-policy"))
        .isEqualTo("before-hook-creation");
    assertThat(CHART.renderWithoutHooks(Map.of()).documents())
        .extracting(Manifest::type)
        .containsExactly("apps/v1 Deployment");
  }

  @Test
  void a_bundled_database_is_migrated_by_a_job_of_the_revision_without_a_hook() {
    Manifest job = job(render(BUNDLED));

    assertThat(job.find("metadata", "annotations")).isEmpty();
    assertThat(CHART.renderWithoutHooks(BUNDLED).documents())
        .extracting(Manifest::type)
        .containsExactlyInAnyOrder("apps/v1 Deployment", "batch/v1 Job");
    assertThat(job.text("metadata", "name")).isEqualTo("shop-migrations-1");
    assertThat(setting(job.containers().findFirst().orElseThrow(), "Slipway__StartWait"))
        .isEqualTo("5min");
  }

  private static Manifest job(HelmChart.Rendered chart) {
    return chart.documents().stream()
        .filter(document -> document.type().equals("batch/v1 Job"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void values_of_the_chart_reach_what_it_makes() {
    HelmChart.Rendered rendered =
        render(
            Map.of(
                "migrations.image", "example.org/other@sha256:0123",
                "migrations.secret", "other",
                "migrations.activeDeadlineSeconds", "7200"));

    assertThat(rendered.text()).doesNotContain(IMAGE).contains("example.org/other@sha256:0123");
    assertThat(job(rendered).pod().list("volumes").getFirst().text("secret", "secretName"))
        .isEqualTo("other");
    assertThat(job(rendered).number("spec", "activeDeadlineSeconds")).isEqualTo(7200);
  }

  @Test
  void helm_finds_nothing_to_complain_of() {
    var result = new Helm(CHART.folder()).lint().strict().quiet().call();

    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
  }

  @Test
  void the_page_names_each_example_and_what_it_was_validated_by() throws IOException {
    String page = Files.readString(Path.of("docs/kubernetes.md"));
    String pom = Files.readString(Path.of("pom.xml"));

    assertThat(page)
        .contains(
            "](../docker/kubernetes/job.yaml)",
            "](../docker/kubernetes/deployment.yaml)",
            "](../docker/helm/)",
            "](../docker/argocd/job.yaml)",
            "by Helm " + Helm.version().call().substring(1) + ",");
    Matcher client = CLIENT.matcher(pom);
    assertThat(client.find()).isTrue();
    assertThat(page).contains("`io.kubernetes:client-java-api` " + client.group(1));
  }
}
