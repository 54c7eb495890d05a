package org.qrm.commands.noun;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.qrm.api.Filter;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.api.resource.ManyResources;
import org.qrm.api.resource.ResourceAction;
import org.qrm.api.resource.ResourceField;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.ResourceRef;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;
import org.qrm.commands.Words;

/** The same asked of many machines: of those that are named, or of all that the filters of their list let through. */
public final class ManyResourcePaths implements Paths {

    private static final String PATH = "/resource-actions";

    private final ApiServices services;

    enum Verb {
        ADMIT("Lets new machines join the pool; needs the role admin."),
        REBOOT("Restarts machines; each boots what it is bound to."),
        POWER_ON("Switches machines on; needs a power controller."),
        POWER_OFF("Shuts machines down and switches them off."),
        POWER_CYCLE("Switches machines off and on without asking them; needs a power controller."),
        MAINTENANCE("Keeps machines out of placement."),
        LOCAL_BOOT("Lets machines boot from their own disks, out of the pool."),
        RESUME("Ends maintenance or local boot."),
        REMOVE("Forgets machines; each is new when it boots again."),
        TAG("Says tags of all machines that are meant."),
        UNTAG("Takes tags of these names away from all machines that are meant.");

        private final String about;

        Verb(String about) {
            this.about = about;
        }

        boolean tags() {
            return this == TAG || this == UNTAG;
        }

        ResourceAction action() {
            return ResourceAction.valueOf(name());
        }

        String attempt() {
            return Words.of(this) + " resources";
        }
    }

    record Action(
            @About("what to do with each") Verb action,

            @About(
                    value = "the machines, by number, name or MAC address; else those that the parameters let through",
                    optional = true)
            List<ResourceRef> resources,

            @About(value = "all machines there are, instead of some", optional = true)
            Boolean all,

            @About(value = "tag: the tags, rack=7; untag: their names, rack", optional = true, most = 32)
            List<String> tags,

            @About(value = "only say what would be done, and what would be refused", optional = true)
            Boolean dryRun,

            @About(value = Meant.WHY, optional = true, most = 200)
            String why,

            @About(value = Meant.AT_ONCE, optional = true) Integer atOnce,

            @About(value = Meant.MOST, optional = true) Integer most) {}

    public ManyResourcePaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        Route.Sketch route = Route.post(
                        PATH,
                        "Asks the same of many machines: one operation, whose parts tell of each. One that is named alone has an"
                                + " operation of its own. A dry run answers at once.")
                .narrowed(ResourcePaths.LIST)
                .takes(Action.class)
                .answers(202, OperationView.class)
                .answers(200, ManyPlanView.class);
        Arrays.stream(Verb.values()).map(ManyResourcePaths::typed).forEach(route::typed);
        return List.of(route.by(this::act));
    }

    private static VerbSketch typed(Verb verb) {
        String word = Words.of(verb);
        VerbSketch sketch = Meant.planned(VerbSketch.of("resource", verb.tags() ? word + "-all" : word))
                .preset("action", word)
                .about(verb.about)
                .called("environmentId", "environment")
                .names("environmentId", "ve")
                .called("hostId", "host")
                .names("hostId", "resource")
                .names("partitionOf", "plugin");
        return verb.tags()
                ? sketch.argument("tags").only("resources", "all", "dryRun", "why", "most")
                : sketch.argument("resources").only("all", "dryRun", "why", "atOnce", "most");
    }

    private Answer act(Call call) throws Exception {
        Action request = call.body(Action.class);
        Verb verb = request.action;
        if (!verb.tags()) {
            ResourcePaths.checkRole(call, verb.action());
        }
        List<String> tags = Objects.requireNonNullElse(request.tags, List.of());
        List<String> named = Objects.requireNonNullElse(request.resources, List.<ResourceRef>of()).stream()
                .map(ResourceRef::text)
                .toList();
        Meant<ResourceField> meant = Meant.of(
                call,
                verb.attempt(),
                named,
                ResourcePaths.LIST.filter(call),
                request.all,
                new Meant.Manner(
                        request.why,
                        request.atOnce,
                        request.most,
                        request.dryRun,
                        tags.stream().map(Name::printable).collect(Collectors.joining(" "))));
        ManyResources many = many(verb, meant.named(), meant.filter(), tags);
        return meant.answer(
                most -> services.resourceAdmin().plan(many, most),
                how -> named.size() == 1 && !verb.tags() && how.why().isEmpty()
                        ? services.resourceAdmin()
                                .act(ResourceLookup.find(services, named.get(0)).id(), verb.action())
                        : services.resourceAdmin().act(many, how));
    }

    private static ManyResources many(Verb verb, List<String> named, Filter<ResourceField> filter, List<String> tags) {
        if (tags.isEmpty() == verb.tags()) {
            throw QrmException.invalid(
                    verb.attempt(),
                    "tags",
                    verb.tags() ? "there are none" : "they belong to tag and untag",
                    verb.tags() ? "Give at least one." : "Leave them out.");
        }
        List<Tag> said = Tag.parse(verb.attempt(), tags);
        return switch (verb) {
            case TAG -> new ManyResources(named, filter, null, said, List.of());
            case UNTAG ->
                new ManyResources(
                        named,
                        filter,
                        null,
                        List.of(),
                        said.stream().map(Tag::name).toList());
            default -> ManyResources.act(named, filter, verb.action());
        };
    }
}
