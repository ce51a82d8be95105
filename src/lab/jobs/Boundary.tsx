import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  /** What is drawn. Once it has changed, it is tried again. */
  of: unknown;
  /** Stands in the place of what cannot be drawn. */
  instead: ReactNode;
  children: ReactNode;
}

interface BoundaryState {
  hasFailed: boolean;
  of: unknown;
}

/** Keeps a part that cannot be drawn from taking along what stands around it. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { hasFailed: false, of: this.props.of };

  static getDerivedStateFromError(): Pick<BoundaryState, 'hasFailed'> {
    return { hasFailed: true };
  }

  static getDerivedStateFromProps({ of }: BoundaryProps, known: BoundaryState): BoundaryState {
    return of === known.of ? known : { hasFailed: false, of };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}
