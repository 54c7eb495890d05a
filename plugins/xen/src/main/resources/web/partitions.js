// The tab of a Xen host: what still fits, and its partitions.
import { partitionsTab } from '/console/partitions.js';

export const { applies, render } = partitionsTab('xen');
