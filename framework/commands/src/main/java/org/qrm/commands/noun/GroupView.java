package org.qrm.commands.noun;

import org.qrm.api.ListGroup;
import org.qrm.commands.About;
import org.qrm.commands.QueryParameter;

/** Items of a list that have something in common. */
record GroupView(
        @About("what narrows the list to them, as its parameter group: state:idle, tag:rack:7")
        String group,

        @About(value = "what they have in common; none of those that lack it", optional = true)
        String value,

        @About("how many they are") long number) {

    static final QueryParameter<String> BY =
            QueryParameter.needed("by", String.class, "what they have in common: state, tag:rack");

    static GroupView of(ListGroup group) {
        return new GroupView(group.group(), group.value(), group.number());
    }
}
