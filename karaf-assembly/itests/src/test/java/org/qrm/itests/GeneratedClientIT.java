package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.client.ApiClient;
import org.qrm.client.ApiException;
import org.qrm.client.AuditApi;
import org.qrm.client.BootImagesApi;
import org.qrm.client.EventsApi;
import org.qrm.client.FilesystemImagesApi;
import org.qrm.client.OperationsApi;
import org.qrm.client.ResourcesApi;
import org.qrm.client.ServerApi;
import org.qrm.client.StorageServersApi;
import org.qrm.client.VirtualEnvironmentsApi;
import org.qrm.client.model.BootImage;
import org.qrm.client.model.BootImageRequest;
import org.qrm.client.model.Environment;
import org.qrm.client.model.EnvironmentAction;
import org.qrm.client.model.EnvironmentRequest;
import org.qrm.client.model.EnvironmentRequirementsRequest;
import org.qrm.client.model.FilesystemImageRequest;
import org.qrm.client.model.Operation;
import org.qrm.client.model.Placement;
import org.qrm.client.model.Resource;
import org.qrm.client.model.SourceRequest;
import org.qrm.client.model.StorageServerRequest;

/** The scenario by a client that OpenAPI Generator made of the description: nothing else is known of the interface. */
public class GeneratedClientIT extends SimulatedSite {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ApiClient client = new ApiClient();
    private VirtualEnvironmentsApi environments;
    private OperationsApi operations;

    @Before
    public void connect() throws Exception {
        client.setBasePath("https://127.0.0.1:" + SERVER.port("QRM_HTTPS_PORT") + "/api/v1");
        try (InputStream authority = Files.newInputStream(SERVER.data().resolve("tls/ca.pem"))) {
            client.setSslCaCert(authority);
        }
        client.setReadTimeout(90_000);
        client.setUsername("admin");
        client.setPassword(PASSWORD);
        environments = new VirtualEnvironmentsApi(client);
        operations = new OperationsApi(client);
    }

    @Test
    public void runsTheScenario() throws Exception {
        assertEquals(
                MACHINES,
                new ServerApi(client).getServer(null).getResources().get("idle").intValue());
        makeImages();
        EnvironmentRequest wanted = new EnvironmentRequest()
                .name("web1")
                .bootImage("linux")
                .filesystemImage("root")
                .mode(EnvironmentRequest.ModeEnum.MULTI)
                .requirements(new EnvironmentRequirementsRequest().cpus(2));
        Environment made = environments.postVirtualEnvironments(wanted, "make-web1");
        assertEquals("inactive", made.getState().getValue());
        assertEquals("once", made, environments.postVirtualEnvironments(wanted, "make-web1"));
        assertEquals(409, refusal(() -> environments.postVirtualEnvironments(wanted, null)));

        EnvironmentAction start = new EnvironmentAction()
                .action(EnvironmentAction.ActionEnum.START)
                .count(2);
        EnvironmentAction tryStart =
                new EnvironmentAction().action(start.getAction()).count(2).dryRun(true);
        Placement plan = environments
                .postVirtualEnvironmentsNameActions("web1", tryStart, null, null)
                .getPlacement();
        assertTrue(plan.getPossible());
        assertEquals(2, plan.getChosen().size());
        act(start);
        Environment active = environments.getVirtualEnvironmentsName("web1", null);
        assertEquals("active", active.getState().getValue());
        List<Resource> running = new ResourcesApi(client)
                .getResources(
                        "active",
                        null,
                        "web1",
                        null,
                        null,
                        1,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        "-memoryMb",
                        null,
                        10,
                        null,
                        null)
                .getItems();
        assertEquals(
                active.getResources(),
                running.stream().map(Resource::getId).sorted().toList());

        act(new EnvironmentAction().action(EnvironmentAction.ActionEnum.STOP));
        changeAndDelete(wanted);
        assertTrue(new AuditApi(client).getAuditVerification(null).getEntries() > 5);
        assertTrue(new EventsApi(client)
                        .getEvents(
                                null,
                                null,
                                null,
                                null,
                                running.get(0).getId(),
                                null,
                                null,
                                0L,
                                null,
                                null,
                                null,
                                null,
                                null,
                                100,
                                null,
                                null)
                        .getItems()
                        .stream()
                        .anyMatch(event -> event.getDescription().contains("web1")));
    }

    private void makeImages() throws Exception {
        new StorageServersApi(client)
                .postStorageServers(
                        new StorageServerRequest()
                                .name("store")
                                .type("simulated")
                                .address("10.0.0.2")
                                .exportRoot("/y"),
                        null);
        FilesystemImagesApi images = new FilesystemImagesApi(client);
        Operation filled = images.postFilesystemImages(
                new FilesystemImageRequest()
                        .name("root")
                        .storageServer("store")
                        .source(new SourceRequest().type(SourceRequest.TypeEnum.EMPTY)),
                60,
                null);
        assertEquals(filled.getReason(), "done", filled.getState().getValue());
        BootImagesApi boot = new BootImagesApi(client);
        boot.postBootImages(new BootImageRequest().name("linux").loader(BootImageRequest.LoaderEnum.LINUX), null);
        for (String role : List.of("kernel", "initrd")) {
            File file = folder.newFile(role);
            Files.write(file.toPath(), new byte[100_000]);
            boot.putBootImagesNameFilesFile("linux", role, role, file);
        }
        BootImage complete = boot.getBootImagesName("linux", null);
        assertEquals(100_000, complete.getFiles().get(0).getSize().longValue());
    }

    private void act(EnvironmentAction action) throws Exception {
        Operation taken = environments
                .postVirtualEnvironmentsNameActions("web1", action, null, null)
                .getOperation();
        Operation ended = operations.getOperationsId(taken.getId().toString(), 60, null);
        assertEquals(ended.getReason(), "done", ended.getState().getValue());
    }

    private void changeAndDelete(EnvironmentRequest wanted) throws Exception {
        String seen = environments
                .getVirtualEnvironmentsNameWithHttpInfo("web1", null)
                .getHeaders()
                .get("etag")
                .get(0);
        environments.putVirtualEnvironmentsName("web1", wanted.description("changed"), seen);
        assertEquals(
                412, refusal(() -> environments.putVirtualEnvironmentsName("web1", wanted.description("again"), seen)));
        assertEquals(
                "changed", environments.getVirtualEnvironmentsName("web1", null).getDescription());
        environments.deleteVirtualEnvironmentsName("web1", null);
        assertEquals(404, refusal(() -> environments.getVirtualEnvironmentsName("web1", null)));
    }

    private interface Call {
        Object send() throws ApiException;
    }

    private static int refusal(Call call) {
        ApiException refused = assertThrows(ApiException.class, call::send);
        assertTrue(refused.getResponseBody(), refused.getResponseBody().contains("urn:qrm:problem:"));
        return refused.getCode();
    }
}
