package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.Sort;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceFilter;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.resource.Resources;
import org.qrm.api.user.Role;

/** {@code qrm:resource-list}. */
@Service
@Needs(Role.VIEWER)
@Command(scope = "qrm", name = "resource-list", description = "Lists machines.")
public final class ResourceList extends ShowingCommand {

    @Reference(optional = true)
    Resources resources;

    @Option(name = "--state", description = "Only in this state.")
    @Completion(
            value = StringsCompleter.class,
            values = {"new", "idle", "assigned", "booting", "active", "releasing", "off", "error", "maintenance"})
    String state;

    @Option(name = "--kind", description = "Only of this kind.")
    @Completion(
            value = StringsCompleter.class,
            values = {"node", "partition"})
    String kind;

    @Option(name = "--environment", description = "Only bound to this virtual environment.")
    @Completion(EnvironmentCompleter.class)
    String environment;

    @Option(name = "--host", description = "Only partitions of this machine.")
    @Completion(ResourceCompleter.class)
    String host;

    @Option(name = "--text", description = "Only with this in name, MAC or IP address.")
    String text;

    @Option(name = "--sort", description = "By this field; with - in front, the greatest first.")
    @Completion(
            value = StringsCompleter.class,
            values = {"id", "name", "state", "cpus", "cpuMhz", "memoryMb", "-cpus", "-cpuMhz", "-memoryMb"})
    String sort = "id";

    @Override
    void run() {
        ResourceFilter filter = new ResourceFilter(
                constant(ResourceState.class, "--state", state),
                constant(ResourceKind.class, "--kind", kind),
                environment,
                host == null ? null : ResourceCommand.find(resources, host).id(),
                text);
        Sort<ResourceField> order = Sort.parse(ResourceField.class, sort);
        list(
                all(page -> resources.list(filter, order, page), View::of),
                "id",
                "name",
                "mac",
                "kind",
                "state",
                "cpus",
                "cpuMhz",
                "memoryMb",
                "environmentId",
                "reason");
    }
}
