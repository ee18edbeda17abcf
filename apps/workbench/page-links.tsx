import { Link } from '@tanstack/react-router';
import { Section } from '#ui/page';
import { type Section as SectionName, sectionLabels } from '#ui/screen';
import { holds, useSession } from '#ui/session';
import { screens } from './routes.tsx';

/** The pages this person may use, by job: for roles whose work is not a queue. */
export function PageLinks() {
  const { permissions } = useSession();
  const shown = screens.filter(({ menu, permission }) => menu && holds(permissions, permission));
  const sections = (Object.keys(sectionLabels) as SectionName[]).filter((name) =>
    shown.some(({ menu }) => menu?.section === name),
  );
  if (sections.length === 0) {
    return (
      <Section title="还没有可以使用的页面">
        <p className="zz-note">
          您的角色现在没有要在这里办理的事。需要查看考生或统计，请联系安全管理员调整角色。
        </p>
      </Section>
    );
  }
  return (
    <Section title="您可以使用的页面">
      <dl className="zz-page-links">
        {sections.map((name) => (
          <div key={name}>
            <dt>{sectionLabels[name]}</dt>
            <dd>
              {shown
                .filter(({ menu }) => menu?.section === name)
                .map(({ path, title, menu }) => (
                  <Link key={path} to={path as never}>
                    {menu?.icon} {menu?.label ?? title}
                  </Link>
                ))}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
