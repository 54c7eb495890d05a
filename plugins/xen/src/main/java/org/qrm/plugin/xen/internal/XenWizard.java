package org.qrm.plugin.xen.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.exec.RemoteCommands;
import org.qrm.api.image.FilesystemImages;
import org.qrm.api.plugin.ConfigurationWizard;
import org.qrm.api.plugin.Question;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServers;
import org.qrm.api.storage.StorageType;

/** Asks where the image of Xen hosts comes from and where it is to lie. */
@Component
public final class XenWizard implements ConfigurationWizard {

    private static final String DEFAULT_TYPE = "NFS";

    private final RemoteCommands commands;
    private final StorageServers servers;
    private final FilesystemImages images;
    private final Surroundings surroundings;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            fieldOption = FieldOption.REPLACE)
    private volatile List<StorageType> types = List.of();

    @Activate
    public XenWizard(
            @Reference RemoteCommands commands, @Reference StorageServers servers, @Reference FilesystemImages images) {
        this(commands, servers, images, new Surroundings(), List.of());
    }

    XenWizard(
            RemoteCommands commands,
            StorageServers servers,
            FilesystemImages images,
            Surroundings surroundings,
            List<StorageType> types) {
        this.commands = commands;
        this.servers = servers;
        this.images = images;
        this.surroundings = surroundings;
        this.types = types;
    }

    @Override
    public String plugin() {
        return XenPlugin.ID;
    }

    /** A storage server that is known already is proposed. */
    @Override
    public List<Question> questions() {
        Optional<StorageServer> known = servers.list(Filter.all(), new PageRequest(100, null)).items().stream()
                .filter(server -> server.type().equalsIgnoreCase(DEFAULT_TYPE))
                .findFirst();
        return List.of(
                question(
                        XenSettings.SOURCE_ADDRESS,
                        "Source system IP address (the machine whose root file system becomes the host image)",
                        Question.Type.IPV4,
                        ""),
                question(
                        XenSettings.STORAGE_SERVER_NAME,
                        "Storage server name",
                        Question.Type.NAME,
                        known.map(StorageServer::name).orElse("NFS-server")),
                question(
                        XenSettings.STORAGE_SERVER_PATH,
                        "Storage server path (of the image; the directory above it is the export root. Where images there share a"
                                + " file system, all machines that use one of them trust each other)",
                        Question.Type.PATH,
                        known.map(StorageServer::exportRoot).orElse("/diskimages") + "/" + HostFilesystemImage.NAME),
                question(
                        XenSettings.STORAGE_SERVER_ADDRESS,
                        "Storage server IP address (machines mount from it)",
                        Question.Type.IPV4,
                        known.map(StorageServer::address).orElse("")),
                question(
                        XenSettings.STORAGE_SERVER_MANAGEMENT_ADDRESS,
                        "Storage server management IP address (this server logs in there by SSH)",
                        Question.Type.IPV4,
                        known.map(StorageServer::managementAddress).orElse("")),
                new Question(
                        XenSettings.STORAGE_SERVER_TYPE,
                        "Storage server type",
                        Question.Type.CHOICE,
                        DEFAULT_TYPE,
                        true,
                        choices()),
                question(
                        XenSettings.DEFAULT_GATEWAY,
                        "Default gateway (hosts use it when DHCP names none)",
                        Question.Type.IPV4,
                        surroundings.gateway().orElse("")));
    }

    @Override
    public Map<String, String> validate(Map<String, String> answers) {
        XenSettings settings = XenSettings.of(answers);
        StorageType type = types.stream()
                .filter(each -> each.name().equals(settings.storageServerType()))
                .findFirst()
                .orElse(null);
        return new WizardCheck(commands, servers, images, surroundings).run(settings, type);
    }

    @Override
    public String effect() {
        return "The default gateway is for hosts that are started from now on; the rest counts when the plug-in is"
                + " installed again.";
    }

    private List<String> choices() {
        List<String> names = types.stream()
                .map(type -> type.name().toUpperCase(Locale.ROOT))
                .sorted()
                .toList();
        return names.isEmpty() ? List.of(DEFAULT_TYPE) : names;
    }

    private static Question question(String name, String text, Question.Type type, String proposed) {
        return new Question(name, text, type, proposed, true, List.of());
    }
}
